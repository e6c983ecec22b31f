extension JSONScanner {
    /// Consumes a value of any kind, which must be valid.
    package mutating func skipValue(nesting: Int = 0) throws {
        guard nesting < Self.mostNesting else {
            throw fail("values are nested more than \(Self.mostNesting) deep")
        }
        switch peek() {
        case UInt8(ascii: "{"):
            try object { scanner, _ in try scanner.skipValue(nesting: nesting + 1) }
        case UInt8(ascii: "["):
            try array { try $0.skipValue(nesting: nesting + 1) }
        case UInt8(ascii: "\""): _ = try string()
        default:
            if takeWord("true") || takeWord("false") || takeWord("null") { return }
            _ = try numberText()
        }
    }

    /// A number as Python's `json` writes it: NaN, Infinity and -Infinity, which no standard has, too.
    package mutating func double() throws(Problem) -> Double {
        if takeWord("NaN") { return .nan }
        if takeWord("Infinity") { return .infinity }
        if takeWord("-Infinity") { return -.infinity }
        let text = try numberText()
        guard let number = Double(text) else { throw fail("\(text) is no number") }
        return number
    }

    /// A whole number, which may be written as `3.0`.
    package mutating func integer(_ what: String) throws(Problem) -> Int {
        let text = try numberText()
        if let value = Int(text) { return value }
        guard let number = Double(text), let value = Int(exactly: number) else {
            throw fail("\(what) is \(text), but a whole number is expected")
        }
        return value
    }
}
