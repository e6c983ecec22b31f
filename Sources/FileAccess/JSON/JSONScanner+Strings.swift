extension JSONScanner {
    /// A string, its escapes resolved.
    package mutating func string() throws(Problem) -> String {
        try expect("\"")
        let start = position
        // Most strings have no escapes: their bytes are taken as they are.
        while position < text.count, text[position] != 0x22, text[position] != 0x5C {
            guard text[position] >= 0x20 else { throw fail("a control character in a string") }
            position += 1
        }
        if position < text.count, text[position] == 0x22 {
            let plain = text[start..<position]
            guard let string = String(validating: plain, as: UTF8.self) else {
                throw fail("a string is not UTF-8")
            }
            position += 1
            return string
        }
        return try stringWithEscapes(from: start)
    }

    private mutating func stringWithEscapes(from start: Int) throws(Problem) -> String {
        var bytes = Array(text[start..<position])
        while position < text.count, text[position] != 0x22 {
            let byte = text[position]
            guard byte >= 0x20 else { throw fail("a control character in a string") }
            position += 1
            if byte != 0x5C {
                bytes.append(byte)
            } else {
                bytes.append(contentsOf: Array(String(try escape()).utf8))
            }
        }
        guard position < text.count else { throw fail("a string has no end") }
        position += 1
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw fail("a string is not UTF-8")
        }
        return string
    }

    private mutating func escape() throws(Problem) -> Character {
        guard position < text.count else { throw fail("a string has no end") }
        let code = text[position]
        position += 1
        switch code {
        case 0x22: return "\""
        case 0x5C: return "\\"
        case 0x2F: return "/"
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75:
            var value = try hexadecimal()
            if 0xD800..<0xDC00 ~= value {
                guard position + 1 < text.count, text[position] == 0x5C,
                    text[position + 1] == 0x75
                else { throw fail("half of a surrogate pair in a string") }
                position += 2
                let low = try hexadecimal()
                guard 0xDC00..<0xE000 ~= low else {
                    throw fail("half of a surrogate pair in a string")
                }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw fail("half of a surrogate pair in a string")
            }
            return Character(scalar)
        default: throw fail("an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < text.count,
                let digit = Character(Unicode.Scalar(text[position])).hexDigitValue,
                text[position] < 0x80
            else { throw fail("\\u is not followed by four hexadecimal digits") }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
