/// A strict reader of JSON text: UTF-8, no duplicate keys, no extensions, bounded nesting.
///
/// It exists because Foundation's decoder keeps one of two equal keys silently and takes whole numbers
/// through `Double`; both would let a hostile header say one thing and mean another.
package struct JSONScanner {
    /// What is wrong with the text, and at which byte.
    package struct Problem: Error {
        package let message: String
        package let position: Int

        package init(message: String, position: Int) {
            self.message = message
            self.position = position
        }
    }

    package let text: [UInt8]
    package var position = 0

    package static let mostNesting = 128

    package init(_ text: [UInt8]) { self.text = text }

    package var isAtEnd: Bool { position == text.count }

    package func fail(_ message: String) -> Problem {
        Problem(message: message, position: position)
    }

    package mutating func skipWhitespace() {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// The next byte that is not white space, not consumed.
    package mutating func peek() -> UInt8? {
        skipWhitespace()
        return position < text.count ? text[position] : nil
    }

    /// Consumes `character` after white space if it is next.
    package mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next = peek(), UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    package mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
        guard take(character) else { throw fail("'\(character)' is expected, \(found())") }
    }

    /// Calls `body` with each key of an object, which must then consume the value.
    package mutating func object<Failure: Error>(
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
    package mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        try expect("[")
        if take("]") { return }
        repeat { try body(&self) } while take(",")
        try expect("]")
    }

    /// A whole number from 0 to `Int.max`, written without fraction or exponent.
    package mutating func count(_ what: String) throws(Problem) -> Int {
        let number = try numberText()
        guard let value = Int(number), value >= 0, !number.hasPrefix("-") else {
            throw fail("\(what) is \(number), but a whole number from 0 to \(Int.max) is expected")
        }
        return value
    }

    /// Consumes `word` (true, false, null) if it is next.
    package mutating func takeWord(_ word: StaticString) -> Bool {
        skipWhitespace()
        let count = word.utf8CodeUnitCount
        guard position + count <= text.count,
            (0..<count).allSatisfy({ text[position + $0] == word.utf8Start[$0] })
        else { return false }
        position += count
        return true
    }

    /// What is next, for a message.
    package func found() -> String {
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
    package mutating func insert(_ key: String) -> Bool {
        guard many.isEmpty else { return many.insert(key).inserted }
        guard !few.contains(key) else { return false }
        few.append(key)
        if few.count > 8 { many = Set(few) }
        return true
    }
}
