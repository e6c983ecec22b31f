import Foundation
import Media
import Synchronization
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
            frames: 12, filter: "setpts='if(lt(N,6),N,N*N)/(10*TB)'",
            options: ["-pix_fmt", "bgr0", "-vsync", "passthrough"])
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

@Suite("ffmpeg's ways to fail")
struct ProgramTests {
    @Test("Without ffmpeg, reading and writing say what to install")
    func absent() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("clip.mp4", [1, 2, 3])
        await FFmpeg.$programFolder.withValue(folder.path) {
            await expectError(.programMissing, saying: "install ffmpeg") {
                _ = try await openFrames(path)
            }
            await expectError(.programMissing, saying: "install ffmpeg") {
                _ = try await VideoWriter(
                    folder.file("out.mp4"), size: ImageSize(width: 4, height: 2))
            }
        }
        #expect(try folder.names == ["clip.mp4"])
    }

    static let ends: [(script: String, kind: MediaError.Kind, words: String, frames: Int)] = [
        ("head -c 72 /dev/zero; kill -9 $$", .programFailed, "signal 9 after frame 3", 3),
        ("head -c 72 /dev/zero; kill -15 $$", .programFailed, "signal 15", 3),
        ("head -c 60 /dev/zero", .badData, "damaged", 2),
        ("head -c 48 /dev/zero; echo '[x @ 0x1] broken' >&2; exit 1", .badData, "says: broken", 2),
        ("head -c 48 /dev/zero; echo 'File ended' >&2", .badData, "says: File ended", 2),
        ("exit 0", .missingInput, "no frame of the video", 0),
        ("head -c 300000 /dev/zero >&2; exit 1", .badData, "damaged", 0),
    ]

    @Test("However ffmpeg ends, the frames so far come and then one sentence", arguments: ends)
    func endings(script: String, kind: MediaError.Kind, words: String, frames: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("clip.mp4", [1, 2, 3])
        try await FFmpeg.$programFolder.withValue(folder.standIns(script)) {
            let source = try await openFrames(path)
            var count = 0
            await expectError(kind, saying: words) {
                for try await _ in source.frames { count += 1 }
            }
            #expect(count == frames)
        }
    }

    @Test("Leaving the loop, or being cancelled, ends an endless ffmpeg")
    func leaving() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("clip.mp4", [1, 2, 3])
        let mark = folder.file("process")
        let script = "echo $$ > '\(mark)'; exec cat /dev/zero"
        try await FFmpeg.$programFolder.withValue(folder.standIns(script)) {
            let source = try await openFrames(path)
            for try await frame in source.frames where frame.index == 5 { break }
            try await Self.expectGone(mark)

            let task = Task {
                for try await frame in source.frames where frame.index == 3 {
                    try await Task.sleep(for: .seconds(600))
                }
            }
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await Self.expectGone(mark)
        }
    }

    /// Waits for the process whose number is in `file` to end: half a minute at most.
    private static func expectGone(_ file: String) async throws {
        for _ in 0..<600 {
            let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
            if let number = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) {
                if kill(number, 0) != 0 {
                    try FileManager.default.removeItem(atPath: file)
                    return
                }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("ffmpeg goes on")
    }

    @Test("The option for timing goes by the version")
    func versions() {
        let texts = [
            ("ffmpeg version 5.1.9-0+deb12u1 Copyright", "-fps_mode"),
            ("ffmpeg version 8.0", "-fps_mode"),
            ("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright (c)", "-vsync"),
            ("ffmpeg version n5.0.1 Copyright", "-vsync"), ("ffmpeg version n7.1", "-fps_mode"),
            ("ffmpeg version N-115387-g1a2b3c Copyright", "-fps_mode"), ("", "-fps_mode"),
            ("ffmpeg version 2023-01-01-git-1 x", "-fps_mode"),
        ]
        for (text, option) in texts { #expect(FFmpeg.timingOption(versionText: text) == option) }
    }

    @Test("ffprobe's report is read with what may be missing from it")
    func reports() throws {
        func read(_ stream: String, _ format: String = "{}") throws -> VideoInformation {
            let text = #"{"streams":[{"codec_type":"audio"},{"codec_type":"video",\#(stream)}],"#
            return try VideoInformation(
                json: Array((text + #""format":\#(format)}"#).utf8), path: "a")
        }
        let size = #""width":640,"height":360"#
        let bare = try read(size)
        #expect(bare.frameRate == nil && bare.estimatedFrameCount == nil && bare.duration == nil)
        #expect(bare.sampleAspectRatio == "1:1" && bare.rotation == 0)
        let old = try read(
            size + #","tags":{"rotate":"90"},"avg_frame_rate":"0/0","r_frame_rate":"30000/1001","#
                + #""sample_aspect_ratio":"4:3""#, #"{"duration":"2.002"}"#)
        #expect(old.rotation == 90 && old.size == ImageSize(width: 360, height: 640))
        #expect(old.frameRate == FrameRate(30_000, 1001) && old.estimatedFrameCount == 60)
        #expect(old.sampleAspectRatio == "3:4")
        let matrix = try read(
            size + #","side_data_list":[{"x":1},{"rotation":-180}],"nb_frames":"7""#)
        #expect(matrix.rotation == 180 && matrix.estimatedFrameCount == 7)
        #expect(throws: MediaError.self) { try read(#""width":0,"height":4"#) }
        #expect(throws: MediaError.self) { try read(#""width":1000000,"height":1000000"#) }
        #expect(throws: MediaError.self) { try VideoInformation(json: [], path: "a") }
    }

    @Test("A handover holds no more than its capacity")
    func handover() async throws {
        let handover = Handover<Int>(capacity: 2)
        let sent = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<200 {
                    #expect(await handover.send(number))
                    sent.count.store(number + 1, ordering: .sequentiallyConsistent)
                }
                handover.finish(.success(()))
            }
            var received = 0
            while let number = try await handover.receive() {
                #expect(number == received)
                received += 1
                // What is received, what waits, and one whose sender has just been let in.
                #expect(sent.count.load(ordering: .sequentiallyConsistent) <= received + 3)
                if number % 50 == 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
            #expect(received == 200)
            try await group.waitForAll()
        }
    }
}

/// A number that two tasks share.
private final class Counter: Sendable {
    let count = Atomic(0)
}
