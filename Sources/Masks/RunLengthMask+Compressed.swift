/// What can be wrong with a mask from a file.
public enum RunLengthError: Error, Equatable, CustomStringConvertible {
    /// A character that no encoder writes, or a number that never ends.
    case malformed(position: Int)
    /// The runs do not cover the mask.
    case wrongLength(pixels: Int, expected: Int)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .malformed(let position):
            "the run-length string is not COCO's encoding at character \(position)"
        case .wrongLength(let pixels, let expected):
            "the runs cover \(pixels) pixels, the mask has \(expected)"
        }
    }
}

extension RunLengthMask {
    /// The runs as COCO's compressed string (`rleToString` of pycocotools).
    ///
    /// From the fourth count on the difference to the count before the last is stored; five bits a
    /// character, the lowest first, the sixth says that more follow.
    public var compressed: String {
        var bytes: [UInt8] = []
        for index in counts.indices {
            var value = Int64(counts[index])
            if index > 2 { value -= Int64(counts[index - 2]) }
            while true {
                let group = UInt8(truncatingIfNeeded: value & 31)
                value >>= 5
                let isLast = group & 16 != 0 ? value == -1 : value == 0
                bytes.append(group + (isLast ? 0 : 32) + 48)
                if isLast { break }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The mask of a compressed string.
    ///
    /// - Throws: ``RunLengthError``.
    public init(height: Int, width: Int, compressed: String) throws {
        var counts: [UInt32] = []
        var value: Int64 = 0
        var shift: Int64 = 0
        var position = 0
        for byte in compressed.utf8 {
            guard byte >= 48, byte < 112, shift <= 35 else {
                throw RunLengthError.malformed(position: position)
            }
            let group = Int64(byte - 48)
            value |= (group & 31) << shift
            shift += 5
            position += 1
            guard group & 32 == 0 else { continue }
            if group & 16 != 0 { value |= -1 << shift }
            if counts.count > 2 { value += Int64(counts[counts.count - 2]) }
            guard let count = UInt32(exactly: value) else {
                throw RunLengthError.malformed(position: position - 1)
            }
            counts.append(count)
            (value, shift) = (0, 0)
        }
        guard shift == 0 else { throw RunLengthError.malformed(position: position) }
        try self.init(height: height, width: width, counts: counts)
    }

    /// The mask of uncompressed runs.
    ///
    /// - Throws: ``RunLengthError``.
    public init(height: Int, width: Int, counts: [UInt32]) throws {
        let pixels = counts.reduce(0) { $0 + Int($1) }
        guard pixels == height * width else {
            throw RunLengthError.wrongLength(pixels: pixels, expected: height * width)
        }
        self.init(height: height, width: width, uncheckedCounts: counts)
    }
}
