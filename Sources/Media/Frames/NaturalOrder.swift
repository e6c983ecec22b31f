/// The order in which people number files: `frame2` before `frame10`.
///
/// Runs of digits compare by value, everything else byte by byte. Names that are equal so (`7` and `007`)
/// compare byte by byte as a whole.
package func precedesNaturally(_ left: String, _ right: String) -> Bool {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
        if isDigit(a[i]), isDigit(b[j]) {
            let (first, second) = (digits(a, &i), digits(b, &j))
            if first.count != second.count { return first.count < second.count }
            if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
        } else {
            if a[i] != b[j] { return a[i] < b[j] }
            i += 1
            j += 1
        }
    }
    if i < a.count || j < b.count { return j < b.count }
    return a.lexicographicallyPrecedes(b)
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// The run of digits at `position` without leading zeros; moves `position` behind it.
private func digits(_ text: [UInt8], _ position: inout Int) -> ArraySlice<UInt8> {
    let start = position
    while position < text.count, isDigit(text[position]) { position += 1 }
    return text[start..<position].drop { $0 == 0x30 }
}
