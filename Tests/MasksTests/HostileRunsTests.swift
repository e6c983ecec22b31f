import Masks
import TestSupport
import Testing

/// Nothing that a file can hold makes the decoder trap.
@Suite struct HostileRunsTests {
    @Test(arguments: [
        ("", RunLengthError.wrongLength(pixels: 0, expected: 4)),
        ("3", .wrongLength(pixels: 3, expected: 4)),
        ("5", .wrongLength(pixels: 5, expected: 4)),
        ("4/", .malformed(position: 1)),
        ("4p", .malformed(position: 1)),
        ("4é", .malformed(position: 1)),
        ("4o", .malformed(position: 2)),
        // A run of -1 pixel.
        ("O", .malformed(position: 0)),
        // More than seven characters for a number.
        ("ooooooo0", .malformed(position: 7)),
        ("oooooooooooooooooooooooooooooooooo0", .malformed(position: 7)),
    ])
    func strings(string: String, error: RunLengthError) {
        #expect(throws: error) { try RunLengthMask(height: 2, width: 2, compressed: string) }
    }

    @Test(arguments: [
        (-1, 4), (4, -1), (-2, -2), (Int.max, 2), (Int.max, Int.max), (Int.min, -1), (65536, 65537),
    ])
    func sizes(height: Int, width: Int) {
        let error = RunLengthError.unusableSize(height: height, width: width)
        #expect(throws: error) { try RunLengthMask(height: height, width: width, compressed: "4") }
        #expect(throws: error) { try RunLengthMask(height: height, width: width, counts: [4]) }
        #expect(throws: RunLengthError.self) {
            try RunLengthMask(height: height, width: width, polygons: [[0, 0, 4, 0, 4, 4]])
        }
    }

    @Test func countsOfTooManyPixels() {
        let counts = [UInt32](repeating: .max, count: 100)
        #expect(throws: RunLengthError.self) {
            try RunLengthMask(height: 2, width: 2, counts: counts)
        }
    }

    /// Large sizes cost nothing until pixels are asked for.
    @Test func largestMask() throws {
        let mask = try RunLengthMask(height: 65535, width: 65537, counts: [0, .max])
        #expect(mask.area == Int(UInt32.max))
        let again = try RunLengthMask(height: 65535, width: 65537, compressed: mask.compressed)
        #expect(again == mask)
    }

    @Test func masksWithoutPixels() throws {
        for (height, width) in [(0, 0), (0, 5), (5, 0)] {
            let mask = try RunLengthMask(height: height, width: width, compressed: "0")
            #expect(mask.isEmpty)
            #expect(mask.bitmap.shape == [height, width])
            #expect(RunLengthMask(mask.bitmap) == mask)
            #expect(mask.compressed == "0")
            #expect(mask.boundingBox == nil)
        }
    }

    @Test(
        arguments: [
            [], [1, 1], [0, 0, 4, 0, 4], [0, 0, 1e300, 0, 4, 4], [0, 0, .nan, 0, 4, 4],
            [0, 0, .infinity, 0, 4, 4],
        ] as [[Double]])
    func polygons(polygon: [Double]) {
        #expect(throws: RunLengthError.self) {
            try RunLengthMask(height: 8, width: 8, polygons: [polygon])
        }
    }

    @Test(arguments: UInt64(1)...200) func randomStrings(seed: UInt64) {
        var random = SeededRandom(seed)
        // Mostly characters of the encoding, so that some strings get far.
        let bytes = (0..<Int.random(in: 0...30, using: &random)).map { _ in
            UInt8.random(in: seed % 3 == 0 ? 0...255 : 48...111, using: &random)
        }
        let string = String(decoding: bytes, as: UTF8.self)
        let size = (0..<2).map { _ in Int.random(in: 0...300, using: &random) }
        guard
            let mask = try? RunLengthMask(height: size[0], width: size[1], compressed: string)
        else { return }
        #expect(mask.counts.reduce(0) { $0 + Int($1) } == size[0] * size[1])
        #expect(RunLengthMask(mask.bitmap) == mask)
    }
}
