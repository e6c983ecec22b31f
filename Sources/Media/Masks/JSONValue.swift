/// A JSON value whose objects keep the order of their keys: the same result is the same text.
public indirect enum JSONValue: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int)
    /// A number, in the shortest form that reads back the same; `null` where it is not finite.
    case number(Double)
    /// A number of single precision, in the shortest form that reads back the same.
    case float(Float)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Named values in the order given.
    case object(KeyValuePairs)

    /// Names and values in order.
    public struct KeyValuePairs: Sendable, Equatable, ExpressibleByDictionaryLiteral {
        /// The names with their values.
        public var pairs: [(key: String, value: JSONValue)]

        /// The names and values in order.
        public init(_ pairs: [(key: String, value: JSONValue)]) { self.pairs = pairs }

        /// The names and values in the order written.
        public init(dictionaryLiteral elements: (String, JSONValue)...) {
            pairs = elements.map { (key: $0.0, value: $0.1) }
        }

        /// Whether names, values and order are equal.
        public static func == (left: Self, right: Self) -> Bool {
            left.pairs.elementsEqual(right.pairs) { $0 == $1 }
        }
    }

    /// The value as JSON text on one line, without spaces.
    public var text: String {
        var result = ""
        append(to: &result)
        return result
    }

    private func append(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .float(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.append(string: value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.append(to: &text)
            }
            text += "]"
        case .object(let object):
            text += "{"
            for (index, (key, value)) in object.pairs.enumerated() {
                if index > 0 { text += "," }
                Self.append(string: key, to: &text)
                text += ":"
                value.append(to: &text)
            }
            text += "}"
        }
    }

    private static func append(string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
