import Foundation
import Media
import Synchronization
import Testing

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
