extension JSONScanner {
    /// The characters of a number, checked against JSON's grammar.
    package mutating func numberText() throws(Problem) -> String {
        skipWhitespace()
        let start = position
        if position < text.count, text[position] == 0x2D { position += 1 }
        let whole = digits()
        guard whole > 0 else {
            position = start
            throw fail("a number is expected, \(found())")
        }
        guard whole == 1 || text[position - whole] != 0x30 else {
            throw fail("a number begins with 0")
        }
        if position < text.count, text[position] == 0x2E {
            position += 1
            guard digits() > 0 else { throw fail("a number ends in its point") }
        }
        if position < text.count, text[position] == 0x65 || text[position] == 0x45 {
            position += 1
            if position < text.count, text[position] == 0x2B || text[position] == 0x2D {
                position += 1
            }
            guard digits() > 0 else { throw fail("a number ends in its exponent's sign") }
        }
        return String(decoding: text[start..<position].prefix(64), as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = position
        while position < text.count, 0x30...0x39 ~= text[position] { position += 1 }
        return position - start
    }
}
