import Foundation
import Media
import Tensor
import Testing

/// The programs that video needs, for tests that need them too.
enum Programs {
    /// Whether ffmpeg and ffprobe can be run here.
    static let areInstalled = ["ffmpeg", "ffprobe"].allSatisfy { program in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }

    /// Runs ffmpeg and expects it to succeed.
    static func ffmpeg(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-nostdin", "-v", "error", "-y"] + arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "ffmpeg \(arguments)")
    }
}

extension TemporaryFolder {
    /// A lossless video whose frame `n` is the gray level `10 * n` everywhere.
    func video(
        _ name: String = "clip.mkv", frames: Int = 23, width: Int = 7, height: Int = 5,
        filter: String = "null", options: [String] = ["-pix_fmt", "bgr0"]
    ) throws -> String {
        let source =
            "nullsrc=s=\(width)x\(height):r=10,format=gray,geq=lum='10*N',format=gbrp,\(filter)"
        try Programs.ffmpeg(
            ["-f", "lavfi", "-i", source, "-frames:v", "\(frames)", "-c:v", "ffv1"] + options
                + ["-f", "matroska", "file:" + file(name)])
        return file(name)
    }

    /// An mp4 file, dark on the left and bright on the right, that says that it is to be turned
    /// clockwise by `degrees`.
    func turnedVideo(_ degrees: Int) throws -> String {
        let path = file("turned \(degrees).mp4")
        try Programs.ffmpeg([
            "-f", "lavfi", "-i", "nullsrc=s=32x16:r=10,format=gray,geq=lum='if(lt(X,16),20,220)'",
            "-frames:v", "3", "-c:v", "mpeg4", "-q:v", "2", "-pix_fmt", "yuv420p", path,
        ])
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        // ISO/IEC 14496-12, 8.3.2: the matrix lies 40 bytes behind the box's version and flags.
        let box = try #require(bytes.indices.first { bytes[$0...].starts(with: "tkhd".utf8) })
        let (a, b) = [0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)][degrees] ?? (1, 0)
        for (index, value) in [a, b, 0, -b, a, 0].enumerated() {
            let number = PNGBuilder.bigEndian(value << 16)
            bytes.replaceSubrange(box + 44 + 4 * index..<box + 48 + 4 * index, with: number)
        }
        try write("turned \(degrees).mp4", bytes)
        return path
    }

    /// A WAV file of silence.
    func sound(_ name: String = "sound.wav") throws -> String {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let samples = [UInt8](repeating: 0, count: 16_000)
        var bytes = Array("RIFF".utf8) + number(36 + samples.count, 4) + Array("WAVEfmt ".utf8)
        bytes += number(16, 4) + number(1, 2) + number(1, 2) + number(8000, 4) + number(16_000, 4)
        bytes += number(2, 2) + number(16, 2) + Array("data".utf8) + number(samples.count, 4)
        return try write(name, bytes + samples)
    }

    /// A folder with stand-ins for ffprobe and ffmpeg. ffprobe tells of a 4x2 video of 100 frames; ffmpeg runs
    /// the lines of `script`.
    func standIns(_ script: String) throws -> String {
        let folder = file("programs")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let report =
            #"{"streams":[{"codec_type":"video","width":4,"height":2,"nb_frames":"100","#
            + #""avg_frame_rate":"10/1"}],"format":{"format_name":"avi"}}"#
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/bin:/usr/bin"
        let programs = [
            "ffprobe": "echo '\(report)'",
            "ffmpeg": "[ \"$1\" = -version ] && echo 'ffmpeg version 5.1.9' && exit\n\(script)",
        ]
        for (name, body) in programs {
            try write("programs/\(name)", "#!/bin/sh\nPATH='\(path)'\n\(body)\n".utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: folder + "/" + name)
        }
        return folder
    }
}
