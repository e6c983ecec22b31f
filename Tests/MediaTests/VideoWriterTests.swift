import Foundation
import Media
import Tensor
import Testing

@Suite("Video out")
struct VideoWriterTests {
    @Test(
        "What is written reads back, odd sizes with one more row or column",
        .enabled(if: Programs.areInstalled),
        arguments: [(64, 48), (63, 47), (1, 1), (2, 33), (854, 3)])
    func roundTrip(width: Int, height: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("-out put.mp4")
        let rate = FrameRate(30_000, 1001)
        let writer = try await VideoWriter(
            path, size: ImageSize(width: width, height: height), frameRate: rate)
        for index in 0..<12 {
            try await writer.append(plain(20 * index, width: width, height: height))
        }
        #expect(try !folder.names.contains("-out put.mp4"))
        try await writer.finish()
        #expect(try folder.names == ["-out put.mp4"])

        let video = try await VideoFile(path)
        #expect(video.frameRate == rate && video.information.codec == "h264")
        #expect(
            video.size == ImageSize(width: (width + 1) / 2 * 2, height: (height + 1) / 2 * 2))
        let frames = try await video.collected()
        #expect(frames.count == 12)
        for frame in frames {
            let levels = frame.image.scalars
            // Even the added pixels: they repeat their neighbours. H.264 at this quality is off by a few levels.
            for level in [levels[0], levels[levels.count - 1]] {
                #expect(abs(Int(level) - 20 * frame.index) <= 6)
            }
        }
    }

    @Test("Colours survive", .enabled(if: Programs.areInstalled))
    func colours() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("colours.mp4")
        let writer = try await VideoWriter(path, size: ImageSize(width: 32, height: 32))
        let colours: [[UInt8]] = [[200, 40, 40], [40, 180, 60], [30, 50, 210], [128, 128, 0]]
        for colour in colours {
            let pixels = Array(repeatElement(colour, count: 32 * 32).joined())
            try await writer.append(Tensor(pixels, shape: [32, 32, 3]))
        }
        try await writer.finish()
        for frame in try await VideoFile(path).collected() {
            let found = frame.image[16][16].scalars
            let wanted = colours[frame.index]
            // Rounding through YUV at this quality.
            #expect(
                zip(found, wanted).allSatisfy { abs(Int($0) - Int($1)) <= 8 }, "\(found) \(wanted)")
        }
    }

    @Test(
        "A writer that is dropped or discarded leaves nothing", .enabled(if: Programs.areInstalled))
    func dropped() async throws {
        let folder = try TemporaryFolder()
        let size = ImageSize(width: 64, height: 48)
        let discarded = try await VideoWriter(folder.file("a.mp4"), size: size)
        try await discarded.append(plain(1, width: 64, height: 48))
        await discarded.discard()
        #expect(try folder.names == [])
        await #expect(throws: (any Error).self) {
            try await discarded.append(plain(1, width: 64, height: 48))
        }
        do {
            let dropped = try await VideoWriter(folder.file("b.mp4"), size: size)
            try await dropped.append(plain(1, width: 64, height: 48))
        }
        for _ in 0..<600 where try !folder.names.isEmpty {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try folder.names == [])
    }

    @Test(
        "When ffmpeg fails, so does writing, and nothing is left",
        arguments: [
            "echo 'Unknown encoder' >&2; exit 1", "head -c 30 >&2; exit 3",
            "head -c 100 > /dev/null; kill -9 $$",
            "cat > /dev/null; echo 'No space left' >&2; exit 1",
        ])
    func failing(_ script: String) async throws {
        let folder = try TemporaryFolder()
        try await FFmpeg.$programFolder.withValue(folder.standIns(script)) {
            await expectError(
                .programFailed, saying: "out.mp4: the video cannot be written: ffmpeg"
            ) {
                let writer = try await VideoWriter(
                    folder.file("out.mp4"), size: ImageSize(width: 64, height: 48))
                for _ in 0..<50 { try await writer.append(plain(1, width: 64, height: 48)) }
                try await writer.finish()
            }
        }
        for _ in 0..<600 where try folder.names != ["programs"] {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try folder.names == ["programs"])
    }

    @Test("A folder that is not there is named", .enabled(if: Programs.areInstalled))
    func missingFolder() async throws {
        let folder = try TemporaryFolder()
        await expectError(.cannotWrite, saying: "its folder does not exist") {
            _ = try await VideoWriter(
                folder.file("missing/out.mp4"), size: ImageSize(width: 4, height: 4))
        }
    }
}
