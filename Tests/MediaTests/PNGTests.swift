import Media
import Tensor
import Testing

@Suite("PNG")
struct PNGTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        var colourType: Int
        var depth: Int
        var isInterlaced: Bool
        var testDescription: String {
            "colour type \(colourType), \(depth) bits\(isInterlaced ? ", interlaced" : "")"
        }

        static let all: [Kind] = {
            var result: [Kind] = []
            let depths = [
                (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
            ]
            for (type, depths) in depths {
                for depth in depths {
                    for isInterlaced in [false, true] {
                        result.append(
                            Kind(colourType: type, depth: depth, isInterlaced: isInterlaced))
                    }
                }
            }
            return result
        }()
    }

    /// A file of a kind with pseudo-random samples, and the RGB image in it by the definition of the format.
    static func sample(_ kind: Kind, width: Int, height: Int, seed: Int) -> ([UInt8], [UInt8]) {
        let most = (1 << kind.depth) - 1
        let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][kind.colourType] ?? 1
        func samples(_ row: Int, _ column: Int) -> [Int] {
            (0..<channels).map { channel in
                var state = UInt64(seed * 1_000_003 + row * 7919 + column * 131 + channel * 17)
                state = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
                state = (state ^ state >> 27) &* 0x94D0_49BB_1331_11EB
                return Int(state >> 40) & most
            }
        }
        let palette: [UInt8] = (0...255).flatMap { (index: Int) -> [UInt8] in
            [UInt8(index), UInt8(index * 7 & 255), UInt8(255 - index)]
        }
        var builder = PNGBuilder(
            width: width, height: height, depth: kind.depth, colourType: kind.colourType,
            isInterlaced: kind.isInterlaced)
        builder.samples = samples
        if kind.colourType == 3 {
            builder.palette = Array(palette.prefix(3 * (most + 1)))
            builder.transparency = [0, 128]
        }
        func level(_ sample: Int) -> UInt8 {
            kind.depth == 16 ? UInt8(sample >> 8) : UInt8(sample * 255 / most)
        }
        var expected: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                let values = samples(row, column)
                switch kind.colourType {
                case 3: expected += palette[3 * values[0]..<3 * values[0] + 3]
                case 0, 4: expected += Array(repeating: level(values[0]), count: 3)
                default: expected += values.prefix(3).map(level)
                }
            }
        }
        return (builder.bytes, expected)
    }

    @Test("Every colour type and depth decodes to RGB", arguments: Kind.all)
    func decoding(_ kind: Kind) throws {
        for (width, height) in [(1, 1), (13, 7), (8, 16), (33, 2)] {
            let (bytes, expected) = Self.sample(kind, width: width, height: height, seed: width)
            let image = try PNG.decode(bytes)
            #expect(image.shape == [height, width, 3])
            #expect(image.scalars == expected)
        }
    }

    @Test("Masks are read as they are stored", arguments: [1, 2, 4, 8], [0, 3])
    func indices(depth: Int, colourType: Int) throws {
        for width in [1, 5, 17] {
            var builder = PNGBuilder(width: width, height: 3, depth: depth, colourType: colourType)
            func value(_ row: Int, _ column: Int) -> Int { (row * 31 + column * 7) % (1 << depth) }
            builder.samples = { [value($0, $1)] }
            if colourType == 3 { builder.palette = Array(repeating: 9, count: 3 << depth) }
            let mask = try PNG.decodeIndices(builder.bytes)
            #expect(mask.shape == [3, width])
            let expected = (0..<3 * width).map { UInt8(value($0 / width, $0 % width)) }
            #expect(mask.scalars == expected)
        }
    }

    @Test("Alpha beside a mask's gray levels is dropped")
    func indicesWithAlpha() throws {
        var builder = PNGBuilder(width: 5, height: 3, depth: 8, colourType: 4)
        builder.samples = { row, column in [row * 50 + column, 255 - column] }
        let mask = try PNG.decodeIndices(builder.bytes)
        #expect(mask.shape == [3, 5])
        #expect(mask.scalars == [0, 1, 2, 3, 4, 50, 51, 52, 53, 54, 100, 101, 102, 103, 104])
    }

    @Test("What is written reads back", arguments: [(1, 1), (3, 2), (854, 5), (7, 64)])
    func writing(width: Int, height: Int) throws {
        let values = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let image = Tensor(values, shape: [height, width, 3])
        #expect(try PNG.decode(PNG.encode(rgb: image)) == image)
        let levels = Tensor(values.prefix(width * height), shape: [height, width])
        #expect(try PNG.decodeIndices(PNG.encode(gray: levels)) == levels)
        let mask = try PNG.encode(indices: levels)
        #expect(try PNG.decodeIndices(mask) == levels)
        let colours = levels.scalars.flatMap { label in
            let colour = Palette.davis[label]
            return [colour.red, colour.green, colour.blue]
        }
        #expect(try PNG.decode(mask).scalars == colours)
    }

    @Test("A view that is not contiguous is written as it looks")
    func writingViews() throws {
        let image = Tensor((0..<4 * 6 * 3).map { UInt8($0) }, shape: [4, 6, 3])
        let part = image.sliced(axis: 1, 2..<5)
        #expect(try PNG.decode(PNG.encode(rgb: part)) == part.contiguous())
    }

    @Test("One long line and one large pixel chunk are legitimate")
    func large() throws {
        let line = PNGBuilder(width: 65_535, height: 1, colourType: 0, samples: { _, _ in [5] })
        #expect(try PNG.decode(line.bytes).shape == [1, 65_535, 3])
        let sheet = PNGBuilder(
            width: 4096, height: 2304, depth: 8, colourType: 0, samples: { _, _ in [200] })
        #expect(try PNG.decode(sheet.bytes).shape == [2304, 4096, 3])
    }

    @Test("The first picture of an animation is read, unknown chunks are passed over")
    func animation() throws {
        var builder = PNGBuilder(width: 2, height: 1, samples: { _, column in [column, 2, 3] })
        builder.extra = [
            ("acTL", PNGBuilder.bigEndian(2) + PNGBuilder.bigEndian(0)), ("prVt", [1, 2, 3]),
        ]
        #expect(try PNG.decode(builder.bytes).scalars == [0, 2, 3, 1, 2, 3])
    }

    static let bad: [(name: String, words: String, bytes: @Sendable () throws -> [UInt8])] = [
        ("empty", "empty", { [] }),
        ("text", "neither a PNG nor a JPEG", { Array("not an image at all".utf8) }),
        ("only the signature", "ends before its header", { Array(good.prefix(8)) }),
        ("cut in the header", "ends before its header", { Array(good.prefix(20)) }),
        ("cut in the pixels", "damaged", { Array(good.prefix(good.count - 40)) }),
        ("no pixels", "damaged", { Array(good.prefix(33)) + PNGBuilder.chunk("IEND", []) }),
        ("wrong checksum", "damaged", { altered(good.count - 20) }),
        ("wrong checksum of the header", "damaged", { altered(30) }),
        ("broken compression", "damaged", { header(4, 4) + PNGBuilder.chunk("IDAT", [7, 7, 7]) }),
        ("no width", "no pixels", { header(0, 4) }),
        ("huge on 60 bytes", "claims to be", { header(0x7FFF_FFFF, 0x7FFF_FFFF) }),
        ("large on 60 bytes", "claims to be", { header(60_000, 60_000) }),
        ("negative width", "claims to be", { header(0xFFFF_FFFF, 1) }),
        ("impossible depth", "damaged", { PNGBuilder(width: 1, height: 1, depth: 3).bytes }),
        (
            "unknown colour type", "damaged",
            { PNGBuilder(width: 1, height: 1, colourType: 5).bytes }
        ),
        ("no palette", "damaged", { PNGBuilder(width: 1, height: 1, colourType: 3).bytes }),
    ]

    private static let good = PNGBuilder(width: 9, height: 9, samples: { [$0, $1, 5] }).bytes

    private static func altered(_ position: Int) -> [UInt8] {
        var bytes = good
        bytes[position] ^= 0x55
        return bytes
    }

    private static func header(_ width: Int, _ height: Int) -> [UInt8] {
        Array(good.prefix(8))
            + PNGBuilder.chunk("IHDR", PNGBuilder(width: width, height: height).header)
            + PNGBuilder.chunk("IDAT", [0x78])
    }

    @Test("Bad files end in one sentence", arguments: bad.indices)
    func refusal(_ index: Int) async throws {
        let folder = try TemporaryFolder()
        let (name, words, bytes) = Self.bad[index]
        let path = try folder.write("\(name).png", bytes())
        await expectError(.badData, saying: words) { _ = try ImageFile.read(path) }
        await expectError(.badData, saying: "\(name).png") {
            for try await _ in try await openFrames(path).frames {}
        }
    }

    @Test("Any cut and any changed byte is refused or read, never a trap")
    func damage() throws {
        let kinds = [Kind(colourType: 3, depth: 4, isInterlaced: true), Kind.all[0]]
        for kind in kinds {
            let (bytes, _) = Self.sample(kind, width: 9, height: 9, seed: 3)
            for position in bytes.indices {
                let cut = Array(bytes[..<position])
                // What follows the pixels (checksums, the end mark: 20 bytes) is not missed.
                if position < bytes.count - 20 {
                    #expect(throws: MediaError.self) { try PNG.decode(cut) }
                } else {
                    _ = try? PNG.decode(cut)
                }
                for value in [0, 0x7F, 0xFF] as [UInt8] {
                    var changed = bytes
                    changed[position] = value
                    _ = try? PNG.decode(changed)
                    _ = try? PNG.decodeIndices(changed)
                }
            }
        }
    }

    @Test("A mask of another kind, or with an index beyond its palette, is refused")
    func masks() async {
        await expectError(.badData, saying: "8-bit RGB") {
            _ = try PNG.decodeIndices(PNGBuilder(width: 1, height: 1).bytes)
        }
        var builder = PNGBuilder(width: 2, height: 2, depth: 8, colourType: 3)
        builder.palette = [1, 2, 3, 4, 5, 6]
        builder.samples = { row, _ in [row * 2] }
        let bytes = builder.bytes
        await expectError(.badData, saying: "index 2, but the palette has 2") {
            _ = try PNG.decodeIndices(bytes)
        }
    }

    @Test("A text that unpacks to 20 MB is refused, not unpacked")
    func textBomb() async {
        await expectError(.badData, saying: "limits") {
            _ = try PNG.decode(fixture("text-bomb.png"))
        }
    }
}
