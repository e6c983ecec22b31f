import FileAccess

/// A JSON document: for small configurations, not for data.
public enum JSONValue: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number; whole numbers up to 2^53 are exact.
    case number(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Names and values.
    case object([String: JSONValue])

    /// Parses UTF-8 JSON text strictly: no duplicate keys, comments or trailing commas.
    ///
    /// - Parameters:
    ///   - text: the bytes of the document.
    ///   - origin: where they come from, for the message of the `CheckpointError` that is thrown.
    public init(parsing text: [UInt8], origin: String) throws {
        var scanner = JSONScanner(text)
        do {
            self = try Self.value(&scanner, nesting: 0)
            scanner.skipWhitespace()
            guard scanner.isAtEnd else { throw scanner.fail("more text follows the document") }
        } catch let problem as JSONScanner.Problem {
            throw CheckpointError.malformed(
                path: origin,
                problem: "it is not valid JSON at byte \(problem.position): \(problem.message)")
        }
    }

    /// Reads and parses a JSON file of at most 64 MB.
    public init(contentsOf path: String) throws {
        let file = try CheckpointFile(path: path)
        guard file.count <= 64 << 20 else {
            throw CheckpointError.malformed(
                path: path, problem: "\(file.count) bytes are too many for a JSON configuration")
        }
        self = try JSONValue(parsing: try file.bytes(at: 0, count: file.count), origin: path)
    }

    private static func value(_ scanner: inout JSONScanner, nesting: Int) throws -> JSONValue {
        guard nesting < JSONScanner.mostNesting else {
            throw scanner.fail("values are nested more than \(JSONScanner.mostNesting) deep")
        }
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try scanner.object { scanner, key in
                members[key] = try value(&scanner, nesting: nesting + 1)
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try scanner.array { elements.append(try value(&$0, nesting: nesting + 1)) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try scanner.string())
        default:
            if scanner.takeWord("true") { return .bool(true) }
            if scanner.takeWord("false") { return .bool(false) }
            if scanner.takeWord("null") { return .null }
            let text = try scanner.numberText()
            guard let number = Double(text), number.isFinite else {
                throw scanner.fail("the number \(text) is too large")
            }
            return .number(number)
        }
    }
}

extension JSONValue {
    /// The member of an object, or nil.
    public subscript(name: String) -> JSONValue? { object?[name] }

    /// The truth value, or nil.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The number, or nil.
    public var double: Double? { if case .number(let value) = self { value } else { nil } }

    /// The number if it is whole and exact, or nil.
    public var int: Int? {
        guard let double, double.magnitude <= 0x1p53 else { return nil }
        return Int(exactly: double)
    }

    /// The string, or nil.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The elements of a list, or nil.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members of an object, or nil.
    public var object: [String: JSONValue]? {
        if case .object(let value) = self { value } else { nil }
    }

    /// A list of whole numbers, or nil.
    public var ints: [Int]? {
        guard let array else { return nil }
        let ints = array.compactMap(\.int)
        return ints.count == array.count ? ints : nil
    }
}

extension JSONValue {
    /// A string as JSON writes it, with its quotes.
    static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
