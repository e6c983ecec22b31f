import Foundation
import Media
import Tensor
import Testing

/// An RGB image of one colour.
func plain(_ level: Int, width: Int = 6, height: Int = 4) -> Tensor<UInt8> {
    Tensor(repeating: UInt8(level), shape: [height, width, 3])
}

extension TemporaryFolder {
    /// Writes a PNG image of one gray level.
    @discardableResult
    func image(_ name: String, _ level: Int, width: Int = 6, height: Int = 4) throws -> String {
        try write(name, PNG.encode(rgb: plain(level, width: width, height: height)))
    }
}

extension FrameSource {
    /// All frames, in memory.
    func collected() async throws -> [Frame] {
        var result: [Frame] = []
        for try await frame in frames { result.append(frame) }
        return result
    }
}

@Suite("Frames")
struct FramesTests {
    @Test("Numbers in names compare by value")
    func naturalOrder() {
        let sorted = [
            "", "1.png", "2.png", "10.png", "a", "a1b2", "a1b10", "a02", "a2", "a10", "b",
            "frame 9.png",
            "frame 99999999999999999999998", "frame 99999999999999999999999",
        ]
        for (i, left) in sorted.enumerated() {
            for (j, right) in sorted.enumerated() {
                #expect(precedesNaturally(left, right) == (i < j), "\(left) \(right)")
            }
        }
    }

    @Test("A folder is read in natural order, without what does not belong")
    func folder() async throws {
        let folder = try TemporaryFolder()
        for number in [10, 2, 1, 33] { try folder.image("\(number).png", number) }
        try folder.image(".hidden.png", 200)
        try folder.write("._1.png", [0, 5, 22, 7])
        try folder.write("notes.txt", Array("notes".utf8))
        try folder.write("Thumbs.db", [1, 2, 3])
        for path in [folder.path, folder.path + "/", folder.file("*.png"), folder.file("*")] {
            let source = try await openFrames(path)
            #expect(source.expectedCount == 4 && source.countIsExact && source.frameRate == nil)
            #expect(source.size == ImageSize(width: 6, height: 4))
            let frames = try await source.collected()
            #expect(frames.map(\.name) == ["1", "2", "10", "33"])
            #expect(frames.map(\.index) == [0, 1, 2, 3])
            #expect(frames.map { $0.image } == [1, 2, 10, 33].map { plain($0) })
            // A second run begins anew.
            #expect(try await source.collected().count == 4)
        }
        let named = try await openFrames([folder.file("10.png"), folder.file("2.png")])
        #expect(try await named.collected().map(\.name) == ["2", "10"])
    }

    @Test("One image is one frame; its content counts, not its name")
    func single() async throws {
        let folder = try TemporaryFolder()
        for name in [
            "a.png", "png named.jpg", "no extension", "-leading dash.png", "new\nline.png",
        ] {
            let frames = try await openFrames(folder.image(name, 7)).collected()
            #expect(frames.count == 1 && frames[0].image == plain(7))
        }
    }

    @Test("A path that exists is no pattern")
    func literalPattern() async throws {
        let folder = try TemporaryFolder()
        try folder.image("a[1].png", 1)
        try folder.image("a1.png", 2)
        #expect(try await openFrames(folder.file("a[1].png")).collected()[0].image == plain(1))
        #expect(try await openFrames(folder.file("a[12].png")).collected()[0].image == plain(2))
    }

    @Test("A range keeps the indices of the whole", arguments: [(0, 2), (1, 3), (2, nil), (3, 99)])
    func ranges(start: Int, end: Int?) async throws {
        let folder = try TemporaryFolder()
        for number in 0..<5 { try folder.image("\(number).png", number) }
        let source = try await openFrames(folder.path, range: FrameRange(start: start, end: end))
        let expected = Array(start..<min(end ?? 5, 5))
        #expect(source.expectedCount == expected.count)
        #expect(try await source.collected().map(\.index) == expected)
        let (last, total) = try await source.lastFrames(2)
        #expect(last.map(\.index) == expected.suffix(2) && total == expected.count)
    }

    static let bad:
        [(
            name: String, kind: MediaError.Kind, words: String,
            path: @Sendable (TemporaryFolder) throws -> String
        )] = [
            ("nothing there", .missingInput, "no such file", { $0.file("nothing") }),
            ("nothing there, a pattern", .missingInput, "no file matches", { $0.file("*.png") }),
            ("empty folder", .missingInput, "no PNG or JPEG image", { $0.path }),
            (
                "only other files", .missingInput, "no PNG or JPEG image",
                {
                    try $0.write("a.txt", [65])
                    try $0.image(".b.png", 1)
                    return $0.path
                }
            ),
            (
                "mixed sizes", .badData, "all frames of a sequence must have one size",
                {
                    try $0.image("1.png", 1)
                    try $0.image("2.png", 1, width: 7)
                    return $0.path
                }
            ),
            (
                "a broken image", .badData, "named like an image",
                {
                    try $0.image("1.png", 1)
                    try $0.write("2.png", Array("nonsense".utf8))
                    return $0.path
                }
            ),
            (
                "an empty image", .badData, "named like an image",
                {
                    try $0.image("1.png", 1)
                    try $0.write("2.jpg", [])
                    return $0.path
                }
            ),
            (
                "one name twice", .badData, "the same name as",
                {
                    try $0.image("1.png", 1)
                    try $0.image("1.jpg", 1)
                    return $0.path
                }
            ),
            ("a device", .badData, "device or pipe", { _ in "/dev/null" }),
            ("an empty file", .badData, "the file is empty", { try $0.write("empty.mp4", []) }),
            (
                "an empty image alone", .badData, "the file is empty",
                { try $0.write("empty.png", []) }
            ),
        ]

    @Test("Bad input ends in one sentence", arguments: bad.indices)
    func refusal(_ index: Int) async throws {
        let (_, kind, words, path) = Self.bad[index]
        let folder = try TemporaryFolder()
        let named = try path(folder)
        await expectError(kind, saying: words) { _ = try await openFrames(named) }
    }

    @Test("Mixed sizes name both files; a range behind the end says where the end is")
    func bothNames() async throws {
        let folder = try TemporaryFolder()
        try folder.image("1.png", 1)
        try folder.image("2.png", 1, height: 5)
        await expectError(.badData, saying: "2.png: the image is 6x5, but \(folder.file("1.png"))")
        {
            _ = try await openFrames(folder.path)
        }
        await expectError(.missingInput, saying: "no frame 5: the last of 1 is 0") {
            _ = try await openFrames(folder.file("1.png"), range: FrameRange(start: 5))
        }
    }

    @Test("An image that changes its size after the check is refused when it is read")
    func changedMeanwhile() async throws {
        let folder = try TemporaryFolder()
        try folder.image("1.png", 1)
        try folder.image("2.png", 1)
        let source = try await openFrames(folder.path)
        try folder.image("2.png", 1, width: 9)
        await expectError(.badData, saying: "9x4") { _ = try await source.collected() }
    }
}
