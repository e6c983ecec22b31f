import Checkpoints
import Testing

@Suite struct SafetensorsBadInputTests {
    static let tensor = #"{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#

    static func one(_ description: String, data: Int = 4) -> [UInt8] {
        safetensors("{\"a\":\(description)}", data: data)
    }

    static let lengths: [BadInput] = [
        BadInput("empty", [], names: "0 bytes are too few"),
        BadInput("7 bytes", little(0, 7), names: "7 bytes are too few"),
        BadInput("8 bytes", little(2, 8), names: "claims 2 bytes, but only 0 follow"),
        BadInput("no header", little(0, 8), names: "'{' is expected, but the text ends"),
        BadInput(
            "length 2^64 - 1", little(.max, 8) + [0x7B, 0x7D],
            names: "claims 18446744073709551615 bytes, but 100000000 are the most"),
        BadInput(
            "length above the limit", little(100_000_001, 8) + [0x7B, 0x7D],
            names: "claims 100000001 bytes, but 100000000 are the most"),
        BadInput(
            "length of the whole file", little(10, 8) + [0x7B, 0x7D],
            names: "claims 10 bytes, but only 2 follow"),
        BadInput("length file - 7", little(3, 8) + [0x7B, 0x7D], names: "but only 2 follow"),
    ]

    static let texts: [BadInput] = [
        BadInput(
            "not UTF-8",
            safetensors(header: Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8), data: []),
            names: "not UTF-8"),
        BadInput("not JSON", safetensors("{nothing}"), names: "'\"' is expected"),
        BadInput("an array", safetensors("[]"), names: "'{' is expected"),
        BadInput("two documents", safetensors("{} {}"), names: "more text follows"),
        BadInput("no end", safetensors("{\"a\":"), names: "but the text ends"),
        BadInput("trailing comma", safetensors("{\"a\":\(tensor),}", data: 4), names: "expected"),
        BadInput(
            "deep nesting", one(String(repeating: "[", count: 600)), names: "'{' is expected"),
        BadInput(
            "deep nesting in a shape",
            one(#"{"dtype":"U8","shape":"# + String(repeating: "[", count: 600)),
            names: "a number is expected"),
        BadInput(
            "same key, another range",
            safetensors(
                "{\"a\":\(tensor),\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                data: 8), names: "key 'a' occurs twice"),
        BadInput(
            "same key, same range", safetensors("{\"a\":\(tensor),\"a\":\(tensor)}", data: 4),
            names: "key 'a' occurs twice"),
        BadInput(
            "same key through an escape",
            safetensors("{\"a\":\(tensor),\"\\u0061\":\(tensor)}", data: 4),
            names: "key 'a' occurs twice"),
        BadInput(
            "same field twice",
            one(#"{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}"#),
            names: "key 'dtype' occurs twice"),
        BadInput(
            "metadata that is a number", safetensors(#"{"__metadata__":{"epoch":3}}"#),
            names: "__metadata__ 'epoch' is no string"),
        BadInput(
            "metadata that is a list", safetensors(#"{"__metadata__":[]}"#),
            names: "'{' is expected"),
        BadInput(
            "half a surrogate pair", safetensors(#"{"\ud800":1}"#), names: "surrogate"),
        BadInput(
            "a raw control character", safetensors("{\"a\u{1}\":1}"), names: "control character"),
    ]

    static let fields: [BadInput] = [
        BadInput(
            "unknown dtype", one(#"{"dtype":"F99","shape":[4],"data_offsets":[0,4]}"#),
            names: "tensor 'a' has the unknown dtype 'F99'"),
        BadInput(
            "dtype that is a number", one(#"{"dtype":1,"shape":[4],"data_offsets":[0,4]}"#),
            names: "'\"' is expected"),
        BadInput(
            "unknown field",
            one(#"{"dtype":"U8","shape":[4],"data_offsets":[0,4],"strides":[1]}"#),
            names: "unknown field 'strides'"),
        BadInput("no shape", one(#"{"dtype":"U8","data_offsets":[0,4]}"#), names: "'a' lacks"),
        BadInput(
            "negative length", one(#"{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}"#),
            names: "shape of tensor 'a' is -4"),
        BadInput(
            "length with a fraction", one(#"{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}"#),
            names: "shape of tensor 'a' is 4.0"),
        BadInput(
            "length 1e400", one(#"{"dtype":"U8","shape":[1e400],"data_offsets":[0,4]}"#),
            names: "shape of tensor 'a' is 1e400"),
        BadInput(
            "length above 2^63",
            one(#"{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,4]}"#),
            names: "is 9223372036854775808"),
        BadInput(
            "negative offset", one(#"{"dtype":"U8","shape":[4],"data_offsets":[-1,3]}"#),
            names: "an offset of tensor 'a' is -1"),
        BadInput(
            "offset 1e400", one(#"{"dtype":"U8","shape":[4],"data_offsets":[0,1e400]}"#),
            names: "an offset of tensor 'a' is 1e400"),
        BadInput(
            "offset above 2^63",
            one(#"{"dtype":"U8","shape":[4],"data_offsets":[0,18446744073709551616]}"#),
            names: "is 18446744073709551616"),
        BadInput(
            "one offset", one(#"{"dtype":"U8","shape":[4],"data_offsets":[0]}"#),
            names: "data_offsets [0]"),
        BadInput(
            "three offsets", one(#"{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}"#),
            names: "more than two data_offsets"),
        BadInput(
            "begin after end", one(#"{"dtype":"U8","shape":[4],"data_offsets":[4,0]}"#),
            names: "tensor 'a' has data_offsets [4, 0]"),
        BadInput(
            "end after the file", one(#"{"dtype":"U8","shape":[5],"data_offsets":[0,5]}"#),
            names: "tensor 'a' ends at byte 5 of the data, which has only 4 bytes"),
        BadInput(
            "shape product overflows",
            one(
                #"{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}"#),
            names: "the size of tensor 'a'"),
        BadInput(
            "shape product overflows but for a zero",
            one(
                #"{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}"#, data: 0),
            names: "the size of tensor 'a'"),
        BadInput(
            "bits overflow",
            one(#"{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,4]}"#),
            names: "the size of tensor 'a'"),
        BadInput(
            "shape and offsets differ", one(#"{"dtype":"U8","shape":[3],"data_offsets":[0,4]}"#),
            names: "tensor 'a', U8 [3], needs 3 bytes, but its data_offsets span 4"),
        BadInput(
            "half a byte", one(#"{"dtype":"F4","shape":[7],"data_offsets":[0,4]}"#),
            names: "does not end on a whole byte"),
        BadInput(
            "65 axes",
            one(
                #"{"dtype":"U8","shape":["#
                    + [String](repeating: "1", count: 65).joined(separator: ",")
                    + #"],"data_offsets":[0,1]}"#, data: 1), names: "more than 64 axes"),
    ]

    static let tilings: [BadInput] = [
        BadInput(
            "overlap",
            safetensors(
                "{\"a\":\(tensor),\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
                data: 6), names: "tensor 'b' overlaps"),
        BadInput(
            "many tensors on one range",
            safetensors(
                "{" + (0..<1000).map { "\"t\($0)\":\(tensor)" }.joined(separator: ",") + "}",
                data: 4), names: "overlaps"),
        BadInput(
            "hole",
            safetensors(
                "{\"a\":\(tensor),\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[5,9]}}",
                data: 9), names: "no tensor owns the bytes 4 to 5 before tensor 'b'"),
        BadInput(
            "hole at the start", one(#"{"dtype":"U8","shape":[4],"data_offsets":[1,5]}"#, data: 5),
            names: "no tensor owns the bytes 0 to 1"),
        BadInput(
            "trailing bytes", one(tensor, data: 5), names: "end at byte 4 of the data, which has 5"),
        BadInput("bytes without tensors", safetensors("{}", data: 1), names: "which has 1 bytes"),
        BadInput(
            "path in a name", safetensors("{\"../a\":\(tensor)}", data: 4), names: "'../a' has"),
        BadInput(
            "NUL in a name", safetensors("{\"a\\u0000\":\(tensor)}", data: 4),
            names: "'a?' has control characters"),
    ]

    @Test(arguments: lengths + texts + fields + tilings)
    func isRefused(input: BadInput) throws { try input.expectRefusal(as: "bad.safetensors") }

    @Test func whiteSpaceAroundTheHeaderIsLegal() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            safetensors(" \t\r\n{ \"a\" : \(Self.tensor) }  \n", data: 4), as: "padded.safetensors")
        #expect(try openCheckpoint(at: path).bytes("a") == [1, 1, 1, 1])
    }

    @Test func emptyFilesAndTensorsAreLegal() throws {
        let folder = try TemporaryFolder()
        let none = try folder.write(safetensors("{}"), as: "none.safetensors")
        #expect(try openCheckpoint(at: none).entries.isEmpty)
        let path = try folder.write(
            safetensors(
                #"{"e":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"#
                    + #""s":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#, data: 1),
            as: "empty.safetensors")
        let file = try SafetensorsFile(path: path)
        #expect(try file.floats("e").shape == [0, 4])
        #expect(try file.integers("s").scalar == 1)
    }
}
