import Foundation
import Testing

/// Whatever a person gives the program, a mistake ends in one sentence, the exit code of its kind, and no
/// output.
@Suite(.serialized) struct BadInputTests {
    /// A mistake and what becomes of it.
    struct Mistake: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let code: Int32
        let words: String
        var environment: [String: String] = [:]

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let usage: [Mistake] = [
        .init(arguments: ["frames"], code: 64, words: "no weights were given"),
        .init(arguments: ["run", "--demo-weights"], code: 64, words: "Missing expected argument"),
        .init(arguments: ["frames", "--demo-weight"], code: 64, words: "--demo-weight"),
        .init(
            arguments: ["frames", "--demo-weights", "--weights", "x"], code: 64, words: "exclude"),
        .init(
            arguments: ["frames", "--demo-weights", "--threads", "0"], code: 64, words: "1 to 256"),
        .init(
            arguments: ["frames", "--demo-weights", "--threads", "-1"], code: 64, words: "--threads"
        ),
        .init(
            arguments: ["frames", "--demo-weights", "--threads", "1000000"], code: 64,
            words: "1 to 256"),
        .init(
            arguments: ["frames", "--demo-weights", "--threads", "two"], code: 64,
            words: "--threads"),
        .init(
            arguments: ["frames", "--demo-weights", "--outputs", "masks,video"], code: 64,
            words: "overlay-frames"),
        .init(arguments: ["frames", "--demo-weights", "--outputs", ""], code: 64, words: "masks"),
        .init(
            arguments: ["frames", "--demo-weights", "--size", "7"], code: 64, words: "short side"),
        .init(
            arguments: ["frames", "--demo-weights", "--size", "480x"], code: 64,
            words: "WIDTHxHEIGHT"),
        .init(
            arguments: ["frames", "--demo-weights", "--from", "-1"], code: 64, words: "--from"),
        .init(
            arguments: ["frames", "--demo-weights", "--from", "3", "--to", "3"], code: 64,
            words: "no frame"),
        .init(
            arguments: ["frames", "--demo-weights", "--threshold", "1.5"], code: 64,
            words: "0 to 1"),
        .init(
            arguments: ["frames", "--demo-weights", "--threshold", "nan"], code: 64,
            words: "0 to 1"),
        .init(
            arguments: ["frames", "--demo-weights", "--scales", "1,0"], code: 64, words: "0.1"),
        .init(
            arguments: ["frames", "--demo-weights", "--protocol", "both"], code: 64,
            words: "official"),
        .init(
            arguments: ["frames", "--demo-weights", "--model", "medvt"], code: 64,
            words: "avos-swinb"),
        .init(
            arguments: ["frames", "--demo-weights", "--record", "attn"], code: 64,
            words: "--record-to"),
        .init(
            arguments: ["frames", "--demo-weights", "-o", "x.mp4", "--outputs", "masks"], code: 64,
            words: "give a folder"),
        .init(
            arguments: [
                "frames", "--demo-weights", "--model", "a2d-resnet101", "--config", "tiny.json",
                "--outputs", "soft",
            ], code: 64, words: "one class"),
        .init(
            arguments: ["--demo-weights", "--dataset", "davis", "--root", "frames"], code: 64,
            words: "davis16"),
        .init(arguments: ["--demo-weights", "--dataset", "davis16"], code: 64, words: "--root"),
        .init(
            arguments: ["frames", "--demo-weights", "--dataset", "davis16", "--root", "frames"],
            code: 64, words: "exclude"),
        .init(
            arguments: ["frames", "--demo-weights", "--root", "frames"], code: 64,
            words: "belongs to --dataset"),
        .init(
            arguments: [
                "--demo-weights", "--dataset", "davis16", "--root", "frames", "--shard", "0/4",
            ], code: 64, words: "1/16"),
    ]

    static let input: [Mistake] = [
        .init(arguments: ["nothing.mp4"], code: 66, words: "nothing.mp4"),
        .init(arguments: ["nothing/*.png"], code: 66, words: "no file matches"),
        .init(arguments: ["empty"], code: 66, words: "no PNG or JPEG"),
        .init(arguments: ["text.txt"], code: 65, words: "text.txt"),
        .init(arguments: ["text.png"], code: 65, words: "text.png"),
        .init(arguments: ["truncated"], code: 65, words: "truncated"),
        .init(arguments: ["mixed"], code: 65, words: "one size"),
        .init(arguments: ["zero.mp4"], code: 65, words: "empty"),
        .init(arguments: ["text.mp4"], code: 65, words: "text.mp4"),
        .init(arguments: ["/dev/null"], code: 65, words: "device"),
        .init(arguments: ["frames", "--from", "99"], code: 66, words: "no frame 99"),
        .init(arguments: ["frames", "--from", "\(Int.max)"], code: 66, words: "no frame"),
        .init(
            arguments: ["text.mp4"], code: 69, words: "install ffmpeg",
            environment: ["PATH": "/nonexistent"]),
        .init(
            arguments: ["frames"], code: 69, words: "install ffmpeg",
            environment: ["PATH": "/nonexistent"]),
    ]

    static let output: [Mistake] = [
        .init(arguments: ["frames", "-o", "full"], code: 73, words: "--force"),
        .init(arguments: ["frames", "-o", "frames"], code: 73, words: "the input itself"),
        .init(arguments: ["full/masks", "-o", "full", "--force"], code: 73, words: "input itself"),
        .init(arguments: ["full/masks/*.png", "-o", "full", "--force"], code: 73, words: "input"),
        .init(arguments: ["frames", "-o", "text.txt"], code: 73, words: "not a folder"),
        .init(arguments: ["frames", "-o", ""], code: 64, words: "-o names nothing"),
        .init(
            arguments: ["frames", "-o", "odd", "--force"], code: 73,
            words: "odd/masks is a file, not a folder"),
        .init(
            arguments: ["frames", "-o", "odd", "--outputs", "jsonl", "--force"], code: 73,
            words: "odd/frames.jsonl is a folder, not a file"),
        .init(
            arguments: ["frames", "--record", "attn", "--record-to", "/dev/null", "--force"],
            code: 73, words: "device"),
        .init(arguments: ["frames", "-o", "/proc/nothing"], code: 73, words: "/proc/nothing"),
        .init(
            arguments: ["frames", "--record", "attn", "--record-to", "text.txt"], code: 73,
            words: "--force"),
        .init(
            arguments: ["frames", "--record", "no.such.stage", "--record-to", "new.safetensors"],
            code: 64, words: "no.such.stage"),
    ]

    static let weights: [Mistake] = [
        .init(arguments: ["--weights", "nothing"], code: 66, words: "no such file"),
        .init(arguments: ["--weights", "empty"], code: 66, words: "folder"),
        .init(arguments: ["--weights", "text.txt"], code: 65, words: "text.txt"),
        .init(arguments: ["--weights", "zero.mp4"], code: 65, words: "empty"),
        .init(arguments: ["--weights", "cut.safetensors"], code: 65, words: "cut.safetensors"),
        .init(arguments: ["--weights", "cut.pth"], code: 65, words: "cut.pth"),
        .init(arguments: ["--weights", "state.pth"], code: 65, words: "no model known here"),
        .init(
            arguments: ["--demo-weights", "--config", "nothing.json"], code: 66,
            words: "nothing.json"),
        .init(
            arguments: ["--demo-weights", "--config", "text.txt"], code: 65, words: "text.txt"),
        .init(
            arguments: ["--demo-weights", "--config", "wrong.json"], code: 65, words: "hidden_dim"),
    ]

    @Test(arguments: usage) func usageMistakes(mistake: Mistake) throws {
        try check(mistake, mistake.arguments)
    }

    @Test(arguments: input) func unusableInput(mistake: Mistake) throws {
        try check(mistake, mistake.arguments + SegmentProcess.tinyModel)
    }

    @Test(arguments: output) func unusableOutput(mistake: Mistake) throws {
        try check(mistake, mistake.arguments + SegmentProcess.tinyModel)
    }

    @Test(arguments: weights) func unusableWeights(mistake: Mistake) throws {
        try check(mistake, ["frames"] + mistake.arguments)
    }

    @Test func unreadableFilesAreRefused() throws {
        // Permissions mean nothing to root.
        guard getuid() != 0 else { return }
        for arguments in [
            ["secret"] + SegmentProcess.tinyModel, ["frames", "--weights", "secret"],
        ] {
            try check(
                Mistake(arguments: arguments, code: 66, words: "permission"), arguments)
        }
    }

    private func check(_ mistake: Mistake, _ arguments: [String]) throws {
        let process = try Self.furnished()
        let before = process.folder.contents()
        let outcome = try process.run(arguments + ["--quiet"], environment: mistake.environment)
        #expect(outcome.code == mistake.code)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("segment: "))
        #expect(outcome.errors.contains(mistake.words), "\(outcome.errors)")
        #expect(process.folder.contents() == before)
    }

    /// A folder with good and bad files.
    private static func furnished() throws -> SegmentProcess {
        let process = try SegmentProcess()
        let folder = process.folder
        try Frames.write(2, to: "frames", in: folder)
        try Frames.write(1, to: "mixed", in: folder)
        try Frames.write(2, to: "mixed-too", in: folder, width: 40)
        try FileManager.default.moveItem(
            atPath: folder.path("mixed-too/1.png"), toPath: folder.path("mixed/1.png"))
        try Frames.write(1, to: "full/masks", in: folder)
        for name in ["empty", "odd/frames.jsonl"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
        }
        for name in ["text.txt", "text.png", "text.mp4", "secret", "odd/masks"] {
            try folder.write("This is text, and nothing but text.", to: name)
        }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0], ofItemAtPath: folder.path("secret"))
        try folder.write("", to: "zero.mp4")
        try folder.write("{\"hidden_dim\": \"wide\"}", to: "wrong.json")
        try Frames.write(2, to: "truncated", in: folder)
        try cut(folder.path("truncated/1.png"), to: folder.path("truncated/1.png"))
        let state = Fixtures.url("state.pth").path
        try FileManager.default.copyItem(atPath: state, toPath: folder.path("state.pth"))
        try cut(state, to: folder.path("cut.pth"))
        try cut(
            Fixtures.url("deform_conv/tensors.safetensors").path,
            to: folder.path("cut.safetensors"))
        return process
    }

    /// Copies the first two thirds of a file.
    private static func cut(_ source: String, to destination: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: source))
        try data.prefix(data.count * 2 / 3).write(to: URL(fileURLWithPath: destination))
    }
}
