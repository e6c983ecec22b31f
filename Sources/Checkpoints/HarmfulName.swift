/// Whether a tensor's name could do harm where names end up: on terminals and, in other tools, in paths.
func isHarmful(name: String) -> Bool {
    name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        || name.split(separator: "/").contains("..")
}
