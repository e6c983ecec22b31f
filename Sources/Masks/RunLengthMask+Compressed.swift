extension RunLengthMask {
    /// The runs as COCO's compressed string (`rleToString` of pycocotools).
    ///
    /// From the fourth count on the difference to the count before the last is stored; five bits a
    /// character, the lowest first, the sixth says that more follow.
    public var compressed: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(counts.count * 2)
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

    /// The mask of a compressed string. Runs of no pixels, which other programs may write, are left out.
    ///
    /// - Throws: ``RunLengthError``.
    public init(height: Int, width: Int, compressed: String) throws {
        let pixels = try Self.pixels(height, width)
        var counts: [UInt32] = []
        var total = 0
        var value: Int64 = 0
        var shift: Int64 = 0
        for (position, byte) in compressed.utf8.enumerated() {
            // Seven characters hold 35 bits: every count, and every difference of two.
            guard byte >= 48, byte < 112, shift <= 30 else {
                throw RunLengthError.malformed(position: position)
            }
            let group = Int64(byte - 48)
            value |= (group & 31) << shift
            shift += 5
            guard group & 32 == 0 else { continue }
            if group & 16 != 0 { value |= -1 << shift }
            if counts.count > 2 { value += Int64(counts[counts.count - 2]) }
            guard let count = UInt32(exactly: value) else {
                throw RunLengthError.malformed(position: position)
            }
            total += Int(count)
            guard total <= pixels else {
                throw RunLengthError.wrongLength(pixels: total, expected: pixels)
            }
            counts.append(count)
            (value, shift) = (0, 0)
        }
        guard shift == 0 else {
            throw RunLengthError.malformed(position: compressed.utf8.count)
        }
        try self.init(height: height, width: width, counts: counts)
    }

    /// The mask of uncompressed runs. Runs of no pixels are left out.
    ///
    /// - Throws: ``RunLengthError``.
    public init(height: Int, width: Int, counts: [UInt32]) throws {
        let pixels = try Self.pixels(height, width)
        var total = 0
        for count in counts {
            total += Int(count)
            guard total <= pixels else { break }
        }
        guard total == pixels else {
            throw RunLengthError.wrongLength(pixels: total, expected: pixels)
        }
        self.init(height: height, width: width, uncheckedCounts: Self.withoutEmptyRuns(counts))
    }

    private static func pixels(_ height: Int, _ width: Int) throws -> Int {
        let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
        guard height >= 0, width >= 0, !overflow, pixels <= mostPixels else {
            throw RunLengthError.unusableSize(height: height, width: width)
        }
        return pixels
    }

    /// Runs that meet across an empty one become one run; only the first may stay empty.
    private static func withoutEmptyRuns(_ counts: [UInt32]) -> [UInt32] {
        if !counts.isEmpty, !counts.dropFirst().contains(0) { return counts }
        var result: [UInt32] = []
        for (index, count) in counts.enumerated() where count > 0 {
            // The run's value is told by whether its index, and so the result's length, is odd.
            if result.count % 2 == index % 2 {
                result.append(count)
            } else if result.isEmpty {
                result = [0, count]
            } else {
                result[result.count - 1] += count
            }
        }
        return result.isEmpty ? [0] : result
    }
}
