import Foundation
import Media
import Tensor
import Testing

@Suite("Video in", .enabled(if: Programs.areInstalled))
struct VideoTests {
    @Test("Every frame comes once, in order, unchanged")
    func frames() async throws {
        let folder = try TemporaryFolder()
        let source = try await openFrames(folder.video())
        #expect(source.size == ImageSize(width: 7, height: 5))
        #expect(source.frameRate == FrameRate(10) && !source.countIsExact)
        #expect(source.expectedCount == 23)
        for _ in 0..<2 {
            let frames = try await source.collected()
            #expect(frames.map(\.index) == Array(0..<23))
            #expect(frames.first?.name == "00000" && frames.last?.name == "00022")
            for frame in frames {
                #expect(frame.image == plain(10 * frame.index, width: 7, height: 5))
            }
        }
        let (last, total) = try await source.lastFrames(3)
        #expect(last.map(\.index) == [20, 21, 22] && total == 23)
    }

    @Test("A range of frames by index", arguments: [(0, 3), (5, 9), (20, nil), (22, 40)])
    func ranges(start: Int, end: Int?) async throws {
        let folder = try TemporaryFolder()
        let source = try await openFrames(folder.video(), range: FrameRange(start: start, end: end))
        let expected = Array(start..<min(end ?? 23, 23))
        #expect(source.expectedCount == expected.count)
        let frames = try await source.collected()
        #expect(frames.map(\.index) == expected)
        for frame in frames { #expect(frame.image[[0, 0, 0]] == UInt8(10 * frame.index)) }
    }

    @Test("A range behind the end is refused")
    func emptyRange() async throws {
        let folder = try TemporaryFolder()
        let source = try await openFrames(folder.video(), range: FrameRange(start: 23))
        await expectError(.missingInput, saying: "no frame 23") { _ = try await source.collected() }
    }

    @Test(
        "Any file name is a file's name",
        arguments: [
            "with spaces.mkv", "new\nline.mkv", "-i.mkv", "a:b.mkv", "a%03d.mkv", "http:host",
            "ä 'q\".mkv",
            "clip.jpeg.txt", "pipe:0", "concat:a|b",
        ])
    func names(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let source = try await openFrames(folder.video(name, frames: 2))
        #expect(try await source.collected().count == 2)
    }

    @Test("A relative path may begin with a dash")
    func relativeNames() async throws {
        let name = "-martlet-test-\(UUID().uuidString).mkv"
        defer { try? FileManager.default.removeItem(atPath: name) }
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.video(frames: 1), toPath: name)
        #expect(try await openFrames(name).collected().count == 1)
    }

    @Test("Frames of a variable rate come once each")
    func variableRate() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.video(
            frames: 12, filter: "setpts='if(lt(N,6),N,N*N)/(10*TB)'")
        let frames = try await openFrames(path).collected()
        #expect(frames.map { Int($0.image[[0, 0, 0]]) } == (0..<12).map { 10 * $0 })
    }

    @Test(
        "Other pixel formats become 8-bit RGB",
        arguments: ["yuv420p10le", "yuva420p", "bgra", "gray16le"])
    func pixelFormats(_ format: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.video(
            frames: 20, width: 9, height: 7, filter: "format=yuva444p,colorchannelmixer=aa=0.3",
            options: ["-pix_fmt", format])
        let frames = try await openFrames(path).collected()
        #expect(frames.count == 20)
        for frame in frames {
            // The limited range of YUV rounds levels by up to two steps.
            #expect(abs(Int(frame.image[[3, 4, 1]]) - 10 * frame.index) <= 2)
        }
    }

    @Test("A video is turned as it says", arguments: [0, 90, 180, 270])
    func rotation(_ degrees: Int) async throws {
        let folder = try TemporaryFolder()
        let video = try await VideoFile(folder.turnedVideo(degrees))
        #expect(video.information.rotation == degrees)
        let isTurned = degrees % 180 == 90
        #expect(video.size == ImageSize(width: isTurned ? 16 : 32, height: isTurned ? 32 : 16))
        let image = try #require(try await video.collected().first).image
        #expect(image.shape == [video.size.height, video.size.width, 3])
        let first = image[2][2].scalars[0]
        // Left is dark; clockwise by a quarter the left becomes the top, and so on.
        #expect(degrees < 180 ? first < 60 : first > 180)
        let last = image[video.size.height - 3][video.size.width - 3].scalars[0]
        #expect(degrees < 180 ? last > 180 : last < 60)
    }

    @Test("The shape of pixels is noted, frames are not stretched")
    func aspectRatio() async throws {
        let folder = try TemporaryFolder()
        let video = try await VideoFile(folder.video(frames: 1, filter: "setsar=4/3"))
        #expect(video.information.sampleAspectRatio == "4:3")
        #expect(video.size == ImageSize(width: 7, height: 5))
    }

    @Test("Frames that change their size midway are scaled to one size")
    func changingSize() async throws {
        let folder = try TemporaryFolder()
        var bytes: [UInt8] = []
        for (name, width) in [("a.h264", 64), ("b.h264", 32)] {
            try Programs.ffmpeg([
                "-f", "lavfi", "-i", "testsrc=s=\(width)x32:r=25", "-frames:v", "5", "-c:v",
                "libx264", "-bf", "0", "-pix_fmt", "yuv420p", folder.file(name),
            ])
            bytes += [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
        }
        let source = try await openFrames(folder.write("both.h264", bytes))
        let frames = try await source.collected()
        #expect(frames.count == 10)
        #expect(frames.allSatisfy { $0.image.shape == [source.size.height, source.size.width, 3] })
    }

    static let bad:
        [(
            name: String, words: String, path: @Sendable (TemporaryFolder) throws -> String
        )] = [
            ("sound", "sound but no video", { try $0.sound() }),
            (
                "sound with a cover", "sound but no video",
                {
                    try Programs.ffmpeg([
                        "-i", $0.sound(), "-i", $0.image("cover.png", 9, width: 16, height: 16),
                        "-map",
                        "0", "-map", "1", "-c:a", "aac", "-c:v", "copy", "-disposition:v",
                        "attached_pic", $0.file("song.m4a"),
                    ])
                    return $0.file("song.m4a")
                }
            ),
            (
                "subtitles", "no video stream",
                { try $0.write("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n".utf8) }
            ),
            ("text", "text file", { try $0.write("a.nfo", "some words\nand more\n".utf8) }),
            (
                "web page", "no video that can be read",
                { try $0.write("a.mp4", "<html></html>".utf8) }
            ),
            (
                "noise", "no video that can be read",
                {
                    try $0.write(
                        "a.mp4", (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) })
                }
            ),
            (
                "mp4 without its end", "no video that can be read",
                {
                    let path = try $0.turnedVideo(0)
                    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                    return try $0.write("cut.mp4", bytes.prefix(600))
                }
            ),
            (
                "a playlist of other files", "no video that can be read",
                {
                    try $0.write(
                        "a.m3u8",
                        "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n".utf8)
                }
            ),
        ]

    @Test("Bad files end in one sentence", arguments: bad.indices)
    func refusal(_ index: Int) async throws {
        let (_, words, path) = Self.bad[index]
        let folder = try TemporaryFolder()
        let named = try path(folder)
        await expectError(.badData, saying: words) {
            for try await _ in try await openFrames(named).frames {}
        }
    }

    @Test("A file that breaks off gives its frames, then an error that says how many there were")
    func brokenEnd() async throws {
        let folder = try TemporaryFolder()
        let whole = try folder.video(frames: 20, width: 64, height: 48)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole))
        let path = try folder.write("cut.mkv", bytes.prefix(bytes.count * 2 / 3))
        let source = try await openFrames(path)
        var count = 0
        await expectError(.badData, saying: "the video is damaged: of about 20 frames") {
            for try await frame in source.frames {
                #expect(frame.index == count)
                count += 1
            }
        }
        #expect(count > 3 && count < 20)
        let beginning = try await openFrames(path, range: FrameRange(start: 0, end: count - 1))
        #expect(try await beginning.collected().count == count - 1)
    }
}
