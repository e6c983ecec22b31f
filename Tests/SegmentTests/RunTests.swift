import Checkpoints
import Foundation
import Media
import Models
import Tensor
import Testing

/// `segment run` from frames to files, with the smallest model that can be configured.
@Suite(.serialized) struct RunTests {
    @Test func everyOutputIsWrittenForEveryFrame() throws {
        let process = try SegmentProcess()
        try Frames.write(8, to: "frames", in: process.folder)
        let outcome = try process.run(
            ["frames", "-o", "out", "--outputs", "masks,soft,overlay,overlay-frames,jsonl"]
                + SegmentProcess.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        let names = (0..<8).map { "\($0).png" }
        for kind in ["masks", "soft", "overlay"] {
            #expect(process.folder.contents(of: "out/\(kind)") == names)
        }
        let soft = try ImageFile.readMask(process.folder.path("out/soft/3.png"))
        let mask = try ImageFile.readMask(process.folder.path("out/masks/3.png"))
        #expect(mask.shape == [32, 48])
        // A probability of 0.5 is the level 127.5, which is truncated: only 127 leaves the mask open.
        #expect(zip(mask.scalars, soft.scalars).allSatisfy { $1 == 127 || ($0 == 1) == ($1 > 127) })
        let lines = try process.folder.jsonLines(of: "out/frames.jsonl")
        #expect(lines.count == 8)
        for (index, line) in lines.enumerated() {
            #expect(line["frame"] as? Int == index)
            let regions = line["regions"] as? [[String: Any]]
            let mask = try ImageFile.readMask(process.folder.path("out/masks/\(index).png"))
            let area = mask.scalars.filter { $0 == 1 }.count
            #expect(regions?.reduce(0) { $0 + ($1["area"] as? Int ?? 0) } == area)
        }
        #expect(outcome.errors.contains("meaningless noise"))
        #expect(outcome.errors.contains("expected peak of memory"))
        #expect(!process.folder.contents().contains { $0.hasSuffix(".partial") })
    }

    @Test func quietSaysNothing() throws {
        let process = try SegmentProcess()
        try Frames.write(1, to: "frames", in: process.folder)
        let outcome = try process.run(
            ["frames", "-o", "out", "--outputs", "masks", "--quiet"] + SegmentProcess.tinyModel)
        #expect(outcome.code == 0)
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    }

    /// Frames before `--from` and after `--to` are left out, and names stay those of the files.
    @Test func aPartOfTheFramesIsTaken() throws {
        let process = try SegmentProcess()
        try Frames.write(12, to: "frames", in: process.folder)
        let outcome = try process.run(
            ["frames", "-o", "out", "--outputs", "masks", "--from", "9", "--to", "11"]
                + SegmentProcess.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(process.folder.contents(of: "out/masks") == ["10.png", "9.png"])
    }

    /// Windows of frames that lie apart end out of order; frames are written in it, each once, those of `--from` on.
    @Test(arguments: [(3, 0), (3, 5), (7, 0)])
    func framesOfWindowsThatReachFarAreWrittenInOrder(stride: Int, from: Int) throws {
        let process = try SegmentProcess()
        try Frames.write(33, to: "frames", in: process.folder)
        let outcome = try process.run(
            [
                "frames", "-o", "out", "--outputs", "masks,jsonl", "--frame-stride", "\(stride)",
                "--from", "\(from)",
            ] + SegmentProcess.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let frames = try process.folder.jsonLines(of: "out/frames.jsonl").map {
            $0["frame"] as? Int
        }
        #expect(frames == Array(from..<33))
        #expect(process.folder.contents(of: "out/masks").count == 33 - from)
    }

    /// The official protocol gives a mask for each frame, also of a video shorter than a window, and where
    /// every window is the whole video repeated, the same as windows side by side.
    @Test(arguments: [1, 2, 7])
    func officialProtocolCoversEveryFrame(count: Int) throws {
        let process = try SegmentProcess()
        try Frames.write(count, to: "frames", in: process.folder)
        for (name, options) in [
            ("official", ["--protocol", "official", "--flip", "--scales", "1,1.25"]),
            ("once", ["--flip", "--scales", "1,1.25"]),
        ] {
            let outcome = try process.run(
                ["frames", "-o", name, "--outputs", "soft"] + options + SegmentProcess.tinyModel)
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(process.folder.contents(of: "\(name)/soft").count == count)
        }
        guard count == 1 else { return }
        #expect(
            try ImageFile.readMask(process.folder.path("official/soft/0.png"))
                == ImageFile.readMask(process.folder.path("once/soft/0.png")))
    }

    @Test func manyClassesGiveTheirNumbers() throws {
        let process = try SegmentProcess()
        try Frames.write(6, to: "frames", in: process.folder)
        let outcome = try process.run([
            "frames", "-o", "out", "--outputs", "masks,jsonl", "--demo-weights", "--model",
            "a2d-resnet101", "--config", "tiny.json", "--size", "48x32",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let found = Set(
            try (0..<6).flatMap {
                try ImageFile.readMask(process.folder.path("out/masks/\($0).png")).scalars
            })
        // Noise, but of 80 classes: more than two of them occur, and none beyond.
        #expect(found.count > 2)
        #expect(found.allSatisfy { $0 < 80 })
    }

    /// The field refines exactly what is written without it; a model of several classes has no foreground.
    @Test func crfRefinesTheForeground() throws {
        let process = try SegmentProcess()
        try Frames.write(6, to: "frames", in: process.folder)
        for (name, options) in [("plain", []), ("refined", ["--crf"])] {
            let outcome = try process.run(
                ["frames", "-o", name, "--outputs", "soft"] + options + SegmentProcess.tinyModel)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let crf = FullyConnectedCRF(height: 32, width: 48)
        for index in 0..<6 {
            let plain = try ImageFile.readMask(process.folder.path("plain/soft/\(index).png"))
            let refined = crf(plain, image: Frames.image(index, width: 48, height: 32))
            #expect(
                try ImageFile.readMask(process.folder.path("refined/soft/\(index).png"))
                    == softMask(refined))
        }
        let refused = try process.run([
            "frames", "-o", "labels", "--crf", "--demo-weights", "--model", "a2d-resnet101",
            "--config", "tiny.json", "--size", "48x32",
        ])
        #expect(refused.code == 64)
        #expect(refused.errors.contains("crf"), "\(refused.errors)")
    }

    @Test func anImageGivesAMaskAndAnOverlay() throws {
        let process = try SegmentProcess()
        try Frames.write(1, to: "frames", in: process.folder)
        let outcome = try process.run(["frames/0.png"] + SegmentProcess.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(
            process.folder.contents(of: "0-segmented")
                == ["masks", "masks/0.png", "overlay", "overlay/0.png"])
    }

    /// Names may hold spaces, line ends and leading dashes.
    @Test func strangeNamesAreNames() throws {
        let process = try SegmentProcess()
        try Frames.write(1, to: "-a b\nc", in: process.folder)
        let outcome = try process.run(
            SegmentProcess.tinyModel + ["--outputs", "masks", "--", "-a b\nc"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(process.folder.contents(of: "-a b\nc-segmented") == ["masks", "masks/0.png"])
        #expect(outcome.errorLines.last == "wrote -a b\\u{a}c-segmented/masks")
    }

    @Test func forceReplacesAnEarlierRun() throws {
        let process = try SegmentProcess()
        try Frames.write(3, to: "frames", in: process.folder)
        let arguments =
            ["frames", "-o", "out", "--outputs", "masks,jsonl"] + SegmentProcess.tinyModel
        #expect(try process.run(arguments).code == 0)
        #expect(try process.run(arguments + ["--to", "2"]).code == 73)
        #expect(try process.run(arguments + ["--to", "2", "--force"]).code == 0)
        #expect(process.folder.contents(of: "out/masks") == ["0.png", "1.png"])
    }

    @Test func recordedStagesAreTensorsOfTheirNames() throws {
        let process = try SegmentProcess()
        try Frames.write(7, to: "frames", in: process.folder)
        let outcome = try process.run(
            [
                "frames", "-o", "out", "--outputs", "masks", "--record", "attn,pred_masks",
                "--record-to", "stages.safetensors",
            ] + SegmentProcess.tinyModel)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let stages = try SafetensorsFile(path: process.folder.path("stages.safetensors"))
        #expect(Set(stages.entries.map(\.name)) == ["attn", "pred_masks"])
        #expect(try stages.floats("attn").shape == [6, 2, 8, 12])
    }

    /// The same input gives the same bytes, whatever the number of threads.
    @Test func threadsDoNotChangeTheResult() throws {
        let process = try SegmentProcess()
        try Frames.write(6, to: "frames", in: process.folder)
        for threads in ["1", "3"] {
            let outcome = try process.run(
                ["frames", "-o", threads, "--outputs", "soft", "--threads", threads]
                    + SegmentProcess.tinyModel)
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        for index in 0..<6 {
            #expect(
                try ImageFile.readMask(process.folder.path("1/soft/\(index).png"))
                    == ImageFile.readMask(process.folder.path("3/soft/\(index).png")))
        }
    }
}
