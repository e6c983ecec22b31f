import FileAccess

/// The header of a safetensors file: parsed and checked against every rule of the format.
///
/// Source: the format section of the safetensors README, and the checks of its reference reader.
struct SafetensorsHeader {
    /// A tensor and where its bytes begin, counted from the end of the header.
    struct Member {
        let entry: CheckpointEntry
        let offset: Int
    }

    /// In the order of their bytes.
    private(set) var members: [Member] = []
    private(set) var metadata: [String: String] = [:]

    /// The longest header that the format allows, in bytes.
    static let mostBytes = 100_000_000

    /// The most axes that any framework gives a tensor.
    private static let mostAxes = 64

    /// Parses `text` for a file that has `dataCount` bytes after its header.
    init(parsing text: [UInt8], dataCount: Int) throws {
        var scanner = JSONScanner(text)
        try scanner.object { scanner, name in
            if name == "__metadata__" {
                try readMetadata(&scanner)
            } else {
                try Self.check(name: name, scanner)
                members.append(try Self.member(name, &scanner, dataCount: dataCount))
            }
        }
        scanner.skipWhitespace()
        guard scanner.isAtEnd else { throw scanner.fail("more text follows the header's object") }
        members.sort { ($0.offset, $0.entry.byteCount) < ($1.offset, $1.entry.byteCount) }
        try checkTiling(dataCount: dataCount)
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner) throws {
        try scanner.object { scanner, key in
            guard scanner.peek() == UInt8(ascii: "\"") else {
                throw scanner.fail("__metadata__ '\(printable(key))' is no string")
            }
            metadata[key] = try scanner.string()
        }
    }

    private static func check(name: String, _ scanner: JSONScanner) throws {
        guard !isHarmful(name: name) else {
            throw scanner.fail(
                "the tensor name '\(printable(name))' has control characters or '../'")
        }
    }

    private static func member(
        _ name: String, _ scanner: inout JSONScanner, dataCount: Int
    ) throws -> Member {
        var type: ElementType?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype":
                let spelled = try scanner.string()
                type = ElementType(rawValue: spelled)
                guard type != nil else {
                    throw scanner.fail(
                        "tensor '\(name)' has the unknown dtype '\(printable(spelled))'")
                }
            case "shape":
                var lengths: [Int] = []
                try scanner.array {
                    guard lengths.count < Self.mostAxes else {
                        throw $0.fail(
                            "tensor '\(name)' has more than \(Self.mostAxes) axes")
                    }
                    lengths.append(try $0.count("a length in the shape of tensor '\(name)'"))
                }
                shape = lengths
            case "data_offsets":
                var ends: [Int] = []
                try scanner.array {
                    guard ends.count < 2 else {
                        throw $0.fail("tensor '\(name)' has more than two data_offsets")
                    }
                    ends.append(try $0.count("an offset of tensor '\(name)'"))
                }
                offsets = ends
            default:
                throw scanner.fail("tensor '\(name)' has the unknown field '\(printable(key))'")
            }
        }
        guard let type, let shape, let offsets else {
            throw scanner.fail("tensor '\(name)' lacks dtype, shape or data_offsets")
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw scanner.fail(
                "tensor '\(name)' has data_offsets \(offsets.prefix(4)), "
                    + "but a begin and an end not before it are expected")
        }
        guard offsets[1] <= dataCount else {
            throw scanner.fail(
                "tensor '\(name)' ends at byte \(offsets[1]) of the data, which has only "
                    + "\(dataCount) bytes: the file is cut short")
        }
        guard let byteCount = type.byteCount(of: shape) else {
            throw scanner.fail(
                "the size of tensor '\(name)', \(type.rawValue) \(shape.prefix(8)), overflows or "
                    + "does not end on a whole byte")
        }
        guard byteCount == offsets[1] - offsets[0] else {
            throw scanner.fail(
                "tensor '\(name)', \(type.rawValue) \(shape.prefix(8)), needs \(byteCount) bytes, "
                    + "but its data_offsets span \(offsets[1] - offsets[0])")
        }
        return Member(
            entry: CheckpointEntry(
                name: name, shape: shape, elementType: type, byteCount: byteCount),
            offset: offsets[0])
    }

    private func checkTiling(dataCount: Int) throws {
        var end = 0
        for member in members {
            let name = member.entry.name
            guard member.offset >= end else {
                throw problem(
                    "tensor '\(name)' overlaps the one before it at byte \(member.offset)")
            }
            guard member.offset == end else {
                throw problem(
                    "no tensor owns the bytes \(end) to \(member.offset) before tensor '\(name)'")
            }
            end += member.entry.byteCount
        }
        guard end == dataCount else {
            throw problem(
                "the tensors end at byte \(end) of the data, which has \(dataCount) bytes")
        }
    }

    private func problem(_ message: String) -> JSONScanner.Problem {
        JSONScanner.Problem(message: message, position: 0)
    }
}
