import Foundation
import Media
import Tensor
import Testing

/// `segment train` as a person meets it.
@Suite struct TrainTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Two pictures with masks, and a recipe of two small steps.
    private static func prepared(_ recipe: String) throws -> SegmentProcess {
        let process = try SegmentProcess()
        try Frames.write(2, to: "data/images", in: process.folder, width: 96, height: 64)
        try FileManager.default.createDirectory(
            atPath: process.folder.path("data/masks"), withIntermediateDirectories: true)
        for index in 0..<2 {
            // Of the colours only the square's is (220, 180, 40).
            let mask = Frames.image(index, width: 96, height: 64).reshaped(-1, 3).scalars
            let isSquare = stride(from: 0, to: mask.count, by: 3).map {
                mask[$0] == 220 && mask[$0 + 1] == 180 && mask[$0 + 2] == 40
            }
            try ImageFile.write(
                gray: Tensor(isSquare.map { $0 ? 255 : 0 }, shape: [64, 96]),
                to: process.folder.path("data/masks/\(index).png"))
        }
        try process.folder.write(recipe, to: "recipe.json")
        return process
    }

    private static let small = """
        {"steps": 2, "clips_per_step": 1, "checkpoint_interval": 1, "data": {"height": 64, "width": 96}}
        """

    @Test func trainsAndContinues() throws {
        let process = try Self.prepared(Self.small)
        let arguments = [
            "train", "recipe.json", "--data", "data", "--from",
            "\(Self.root)/Weights/medvt-lite.safetensors", "-o", "run",
        ]
        let first = try process.run(arguments)
        #expect(first.code == 0, "\(first.errors)")
        #expect(first.errors.contains("wrote run/model.safetensors"))
        for name in ["state.safetensors", "model.safetensors", "log.jsonl", "curves.html"] {
            #expect(FileManager.default.fileExists(atPath: process.folder.path("run/\(name)")))
        }
        let second = try process.run(arguments)
        #expect(second.code == 0)
        #expect(second.errors.contains("continuing after step 2 of 2"))
        let inspected = try process.run(["inspect", "run/model.safetensors"])
        #expect(inspected.output.contains("medvt-lite"))
        let preview = try process.run([
            "train", "recipe.json", "--data", "data", "--preview", "sheet.png",
        ])
        #expect(preview.code == 0)
        #expect(FileManager.default.fileExists(atPath: process.folder.path("sheet.png")))
    }

    @Test func printsItsRecipe() throws {
        let outcome = try SegmentProcess().run(["train", "--explain"])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("learning_rate"))
    }

    @Test(arguments: [
        (["train"], Int32(64), "--data is missing"),
        (["train", "--data", "data"], 64, "--output is missing"),
        (["train", "--data", "data", "-o", "run"], 64, "--backbone"),
        (["train", "--data", "nowhere", "-o", "run"], 65, "there is no such folder"),
        (["train", "wrong.json", "--data", "data", "-o", "run"], 65, "'lerning_rate'"),
        (["train", "none.json", "--data", "data", "-o", "run"], 66, "no such file"),
        (
            ["train", "--data", "data", "--from", "wrong.json", "-o", "run"], 65,
            "wrong.json"
        ),
        (
            ["train", "--data", "data", "--from", "a", "--backbone", "b", "-o", "run"], 64,
            "exclude"
        ),
    ])
    func refuses(arguments: [String], code: Int32, words: String) throws {
        let process = try Self.prepared(Self.small)
        try process.folder.write("{\"lerning_rate\": 1}", to: "wrong.json")
        let outcome = try process.run(arguments)
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.errorLines.count == 1)
    }
}
