import Checkpoints
import Foundation
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text.utf8), origin: "x.json")
    }

    @Test func values() throws {
        let value = try parse(
            #" {"a": [1, -2.5e3, true, false, null], "b": {"c": "\u00e9\ud83d\ude00\n\/"}} "#)
        #expect(value["a"]?.array?.map(\.double) == [1, -2500, nil, nil, nil])
        #expect(value["a"]?.array?[2].bool == true)
        #expect(value["a"]?.array?[4] == .null)
        #expect(value["b"]?["c"]?.string == "é😀\n/")
        #expect(value["a"]?.ints == nil)
        #expect(try parse("[1, 2]").ints == [1, 2])
        #expect(try parse("9007199254740993").int == 9_007_199_254_740_992)
        #expect(try parse("1e30").int == nil && parse("0.5").int == nil)
        #expect(try parse("-0").double == 0)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "1e", "+1",
        "-", "NaN", "Infinity", "1e999", "tru", "\"", "\"\\x\"", "\"\\u12\"", "\"\\udc00\"",
        "\"a\tb\"", "1 2", "// x\n1", "{\"a\":1,\"a\":2}", "\u{FEFF}1", "'a'",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
    ])
    func notJSON(text: String) {
        let error = #expect(throws: CheckpointError.self) { try parse(text) }
        #expect(error?.description.contains("x.json: ") ?? false)
        #expect(error?.description.contains("not valid JSON at byte") ?? false)
    }

    @Test func utf16IsRefused() {
        #expect(throws: CheckpointError.self) {
            try JSONValue(parsing: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], origin: "x.json")
        }
    }

    /// The same document means the same to Foundation's decoder.
    @Test func agreesWithFoundation() throws {
        let path = Fixtures.path("checkpoint-format/case.json")
        let theirs = try JSONDecoder().decode(
            Decoded.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(try JSONValue(contentsOf: path) == theirs.value)
    }

    private struct Decoded: Decodable {
        let value: JSONValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let bool = try? container.decode(Bool.self) {
                value = .bool(bool)
            } else if let number = try? container.decode(Double.self) {
                value = .number(number)
            } else if let string = try? container.decode(String.self) {
                value = .string(string)
            } else if let array = try? container.decode([Decoded].self) {
                value = .array(array.map(\.value))
            } else {
                value = .object(
                    try container.decode([String: Decoded].self).mapValues(\.value))
            }
        }
    }
}
