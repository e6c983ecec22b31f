/// Text from a file, cut and cleaned for a message.
package func printable(_ text: String) -> String {
    let clean = text.unicodeScalars.prefix(80).map {
        $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0)
    }
    return clean.joined()
}
