/// A strict reader of JSON text: UTF-8, no duplicate keys, no extensions, bounded nesting.
///
/// It exists because Foundation's decoder keeps one of two equal keys silently and takes whole numbers
/// through `Double`; both would let a hostile header say one thing and mean another.
struct JSONScanner {
    /// What is wrong with the text, and at which byte.
    struct Problem: Error {
        let message: String
        let position: Int
    }

    private let text: [UInt8]
    private(set) var position = 0

    static let mostNesting = 128

    init(_ text: [UInt8]) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    func fail(_ message: String) -> Problem { Problem(message: message, position: position) }

    mutating func skipWhitespace() {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// The next byte that is not white space, not consumed.
    mutating func peek() -> UInt8? {
        skipWhitespace()
        return position < text.count ? text[position] : nil
    }

    /// Consumes `character` after white space if it is next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next = peek(), UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
        guard take(character) else { throw fail("'\(character)' is expected, \(found())") }
    }

    /// Calls `body` with each key of an object, which must then consume the value.
    mutating func object<Failure: Error>(
        _ body: (inout JSONScanner, String) throws(Failure) -> Void
    ) throws {
        var keys = KeySet()
        try expect("{")
        if take("}") { return }
        repeat {
            let key = try string()
            guard keys.insert(key) else {
                throw fail("key '\(printable(key))' occurs twice")
            }
            try expect(":")
            try body(&self, key)
        } while take(",")
        try expect("}")
    }

    /// Calls `body` for each element of an array, which must consume it.
    mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        try expect("[")
        if take("]") { return }
        repeat { try body(&self) } while take(",")
        try expect("]")
    }

    /// A whole number from 0 to `Int.max`, written without fraction or exponent.
    mutating func count(_ what: String) throws(Problem) -> Int {
        let number = try numberText()
        guard let value = Int(number), value >= 0, !number.hasPrefix("-") else {
            throw fail("\(what) is \(number), but a whole number from 0 to \(Int.max) is expected")
        }
        return value
    }

    mutating func string() throws(Problem) -> String {
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

    /// The characters of a number, checked against JSON's grammar.
    mutating func numberText() throws(Problem) -> String {
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

    /// Consumes `word` (true, false, null) if it is next.
    mutating func takeWord(_ word: StaticString) -> Bool {
        skipWhitespace()
        let count = word.utf8CodeUnitCount
        guard position + count <= text.count,
            (0..<count).allSatisfy({ text[position + $0] == word.utf8Start[$0] })
        else { return false }
        position += count
        return true
    }

    /// What is next, for a message.
    func found() -> String {
        guard position < text.count else { return "but the text ends" }
        let next = text[position...].prefix(12).map {
            0x20..<0x7F ~= $0 ? Character(Unicode.Scalar($0)) : "?"
        }
        return "found '\(String(next))'"
    }
}

/// The keys of an object so far. Nearly all objects have few, for which hashing is a waste.
private struct KeySet {
    private var few: [String] = []
    private var many: Set<String> = []

    /// False where the key is there already.
    mutating func insert(_ key: String) -> Bool {
        guard many.isEmpty else { return many.insert(key).inserted }
        guard !few.contains(key) else { return false }
        few.append(key)
        if few.count > 8 { many = Set(few) }
        return true
    }
}
