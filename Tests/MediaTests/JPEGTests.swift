import Media
import Tensor
import Testing

/// The fixtures are 24 x 16 pixels: red, green above; blue, white below. Made with Pillow and TurboJPEG.
@Suite("JPEG")
struct JPEGTests {
    /// The colours of the quadrants, row by row.
    static let colours: [[Int]] = [
        [220, 30, 30], [30, 200, 40], [20, 40, 210], [240, 240, 240],
    ]

    /// Expects the middle of each quadrant of `image` to have the colour of `order`.
    ///
    /// The tolerance covers JPEG's own loss at quality 95.
    static func expectQuadrants(_ image: Tensor<UInt8>, _ order: [Int], tolerance: Int = 6) {
        let (height, width) = (image.shape[0], image.shape[1])
        for quadrant in 0..<4 {
            let row = height / 4 + quadrant / 2 * height / 2
            let column = width / 4 + quadrant % 2 * width / 2
            let found = image[row][column].scalars.map { Int($0) }
            let wanted = colours[order[quadrant]]
            #expect(
                zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance },
                "quadrant \(quadrant): \(found), expected \(wanted)")
        }
    }

    @Test(
        "Baseline, progressive, arithmetic, CMYK and YCCK files decode to RGB",
        arguments: ["quadrants", "progressive", "arithmetic", "cmyk", "ycck"])
    func decoding(_ name: String) throws {
        let image = try JPEG.decode(fixture("\(name).jpg"))
        #expect(image.shape == [16, 24, 3])
        Self.expectQuadrants(image, [0, 1, 2, 3])
    }

    @Test("A gray file has three equal levels")
    func gray() throws {
        let image = try JPEG.decode(fixture("gray.jpg"))
        let pixel = image[4][4].scalars
        #expect(pixel[0] == pixel[1] && pixel[1] == pixel[2])
    }

    /// Where the four stored quadrants are shown, for each EXIF orientation.
    static let orientations: [(value: Int, order: [Int])] = [
        (1, [0, 1, 2, 3]), (2, [1, 0, 3, 2]), (3, [3, 2, 1, 0]), (4, [2, 3, 0, 1]),
        (5, [0, 2, 1, 3]), (6, [2, 0, 3, 1]), (7, [3, 1, 2, 0]), (8, [1, 3, 0, 2]),
        (0, [0, 1, 2, 3]), (9, [0, 1, 2, 3]), (65_535, [0, 1, 2, 3]),
    ]

    @Test("The EXIF orientation is applied, and known ahead", arguments: orientations)
    func orientation(value: Int, order: [Int]) async throws {
        let folder = try TemporaryFolder()
        for isLittle in [true, false] {
            let bytes = try Self.inserting(Self.exif(value, isLittle: isLittle))
            let path = try folder.write("a.jpg", bytes)
            let image = try ImageFile.read(path)
            let isTurned = (5...8).contains(value)
            #expect(image.shape == (isTurned ? [24, 16, 3] : [16, 24, 3]))
            Self.expectQuadrants(image, order)
            let source = try await openFrames(path)
            #expect(source.size == ImageSize(width: image.shape[1], height: image.shape[0]))
        }
    }

    @Test("EXIF data that makes no sense is passed over")
    func nonsense() throws {
        let whole = Self.exif(6, isLittle: true)
        for length in 6..<whole.count {
            _ = try JPEG.decode(Self.inserting(Array(whole.prefix(length))))
        }
        for position in 6..<whole.count {
            var changed = whole
            changed[position] = 0xFF
            _ = try JPEG.decode(Self.inserting(changed))
        }
    }

    @Test("A header behind much metadata is found")
    func longMetadata() async throws {
        let folder = try TemporaryFolder()
        var bytes = try fixture("quadrants.jpg")
        let comment: [UInt8] = [0xFF, 0xFE, 0xFF, 0xFF] + Array(repeating: 65, count: 65_533)
        for _ in 0..<3 { bytes.insert(contentsOf: comment, at: 2) }
        let source = try await openFrames(folder.write("a.jpg", bytes))
        #expect(source.size == ImageSize(width: 24, height: 16))
    }

    static let bad: [(name: String, words: String, bytes: @Sendable () throws -> [UInt8])] = [
        ("only the mark", "damaged", { [0xFF, 0xD8, 0xFF] }),
        ("cut in the header", "damaged", { Array(try fixture("quadrants.jpg").prefix(100)) }),
        ("cut in the pixels", "damaged", { try fixture("quadrants.jpg").dropLast(60) }),
        ("cut in a later scan", "damaged", { try fixture("progressive.jpg").dropLast(60) }),
        ("no pixels", "damaged", { try resized(0, 0) }),
        ("huge", "claims to be", { try resized(65_500, 65_500) }),
        ("ten thousand scans", "damaged", { try manyScans() }),
    ]

    @Test("Bad files end in one sentence", arguments: bad.indices)
    func refusal(_ index: Int) async throws {
        let folder = try TemporaryFolder()
        let (name, words, bytes) = Self.bad[index]
        let path = try folder.write("\(name).jpg", bytes())
        await expectError(.badData, saying: words) { _ = try ImageFile.read(path) }
    }

    @Test("Any cut and any changed byte is refused or read, never a trap")
    func damage() throws {
        let bytes = try fixture("progressive.jpg")
        for position in bytes.indices {
            _ = try? JPEG.decode(Array(bytes[..<position]))
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                var changed = bytes
                changed[position] = value
                _ = try? JPEG.decode(changed)
            }
        }
    }

    /// The segment of EXIF data with one entry, the orientation.
    static func exif(_ orientation: Int, isLittle: Bool) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isLittle ? bytes : bytes.reversed()
        }
        return Array("Exif".utf8) + [0, 0] + Array((isLittle ? "II" : "MM").utf8)
            + number(42, 2) + number(8, 4) + number(1, 2) + number(0x0112, 2) + number(3, 2)
            + number(1, 4) + number(orientation, 2) + number(0, 2) + number(0, 4)
    }

    private static func inserting(_ exif: [UInt8]) throws -> [UInt8] {
        var bytes = try fixture("quadrants.jpg")
        let length = exif.count + 2
        bytes.insert(
            contentsOf: [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + exif, at: 2)
        return bytes
    }

    private static func resized(_ width: Int, _ height: Int) throws -> [UInt8] {
        var bytes = try fixture("quadrants.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        for (offset, value) in [(5, height), (7, width)] {
            bytes[frame + offset] = UInt8(value >> 8)
            bytes[frame + offset + 1] = UInt8(value & 255)
        }
        return bytes
    }

    private static func manyScans() throws -> [UInt8] {
        let bytes = try fixture("progressive.jpg")
        let scans = bytes.indices.filter { $0 > 0 && bytes[$0 - 1] == 0xFF && bytes[$0] == 0xDA }
        let last = try #require(scans.last) - 1
        let scan = bytes[last..<bytes.count - 2]
        return bytes[..<last] + Array(repeatElement(scan, count: 10_000).joined()) + [0xFF, 0xD9]
    }
}
