import Checkpoints
import Foundation
import Media
import Models
import Tensor
import TestSupport
import Testing
import Training

@Suite struct TrainingRunTests {
    private static func run(
        _ recipe: TrainingRecipe, _ data: SmallData, in folder: String, validation: String? = nil
    ) throws -> TrainingRun {
        try TrainingRun(
            recipe, data: TrainingData(root: data.root, recipe: recipe), validation: validation,
            initial: { try SmallData.weights(recipe) }, folder: folder)
    }

    private static func folder() -> String {
        NSTemporaryDirectory() + "martlet-run-\(UUID().uuidString)"
    }

    private static func content(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// A run that is taken up again after an interruption gives the files of one that never was, to the bit;
    /// steps after the last saved state are taken again, and stand in the log once.
    @Test func continuesExactly() throws {
        let data = try SmallData()
        defer { data.remove() }
        let recipe = try SmallData.recipe(steps: 4, interval: 2)
        let (whole, parts) = (Self.folder(), Self.folder())
        defer {
            for folder in [whole, parts] { try? FileManager.default.removeItem(atPath: folder) }
        }
        let uninterrupted = try Self.run(recipe, data, in: whole)
        while try uninterrupted.advance() != nil {}
        let first = try Self.run(recipe, data, in: parts)
        for _ in 0..<3 { _ = try first.advance() }
        let second = try Self.run(recipe, data, in: parts)
        #expect(second.step == 2)
        while try second.advance() != nil {}
        for name in ["state.safetensors", "model.safetensors", "recipe.json"] {
            #expect(
                try Self.content("\(whole)/\(name)") == Self.content("\(parts)/\(name)"), "\(name)")
        }
        let lines = try String(contentsOfFile: "\(parts)/log.jsonl", encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 4)
        #expect(
            try String(contentsOfFile: "\(parts)/curves.html", encoding: .utf8).contains("<svg"))
    }

    /// What is saved is a checkpoint that the registry recognises and loads strictly.
    @Test func savesAModel() throws {
        let data = try SmallData()
        defer { data.remove() }
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try Self.run(
            SmallData.recipe(steps: 1, interval: 1), data, in: folder,
            validation: "\(data.root)/video")
        let progress = try #require(try run.advance())
        #expect(progress.validation.map((0...1).contains) ?? false)
        #expect(try run.advance() == nil)
        let source = try openCheckpoint(at: "\(folder)/model.safetensors")
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == "medvt-lite")
        #expect(try recipe.model(from: source).report.isComplete)
    }

    /// The same few pictures again and again: the loss falls.
    @Test func learns() throws {
        let data = try SmallData()
        defer { data.remove() }
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try Self.run(SmallData.recipe(steps: 30, interval: 30), data, in: folder)
        var losses: [Double] = []
        while let progress = try run.advance() { losses.append(progress.loss) }
        let mean = { (values: ArraySlice<Double>) in values.reduce(0, +) / Double(values.count) }
        // Seen to fall from 2.6 to below 2: half of that tells learning from chance.
        #expect(mean(losses.suffix(5)) < mean(losses.prefix(5)) - 0.2)
    }

    @Test func refusesAnotherRecipe() throws {
        let data = try SmallData()
        defer { data.remove() }
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try Self.run(SmallData.recipe(steps: 1, interval: 1), data, in: folder).advance()
        #expect(
            throws: TrainingError.otherRun(
                folder: "\(folder)/state.safetensors", difference: "steps")
        ) {
            try Self.run(SmallData.recipe(steps: 2, interval: 1), data, in: folder)
        }
        // How often states are saved changes nothing in them.
        #expect(try Self.run(SmallData.recipe(steps: 1, interval: 7), data, in: folder).step == 1)
    }

    @Test func refusesADamagedState() throws {
        let data = try SmallData()
        defer { data.remove() }
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let recipe = try SmallData.recipe(steps: 1, interval: 1)
        _ = try Self.run(recipe, data, in: folder).advance()
        let path = "\(folder)/state.safetensors"
        try Self.content(path).prefix(100_000).write(to: URL(fileURLWithPath: path))
        #expect(throws: CheckpointError.self) { try Self.run(recipe, data, in: folder) }
        try FileManager.default.copyItem(
            atPath: "\(folder)/model.safetensors", toPath: "\(folder)/copy")
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: "\(folder)/copy", toPath: path)
        #expect(
            throws: TrainingError.unusableCheckpoint(
                path: path, problem: "it is not the state of a run")
        ) { try Self.run(recipe, data, in: folder) }
    }

    /// Parameters that are no numbers: steps are left out, then the run ends with a sentence, and the state
    /// that was saved before is still there.
    @Test func endsWhereTheLossIsNoNumber() throws {
        let data = try SmallData()
        defer { data.remove() }
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let recipe = try SmallData.recipe(steps: 100, interval: 1000)
        let run = try TrainingRun(
            recipe, data: TrainingData(root: data.root, recipe: recipe),
            initial: {
                var weights = try SmallData.weights(recipe)
                weights["insmask_head.9.bias"] = Tensor([.nan])
                return weights
            }, folder: folder)
        let first = try #require(try run.advance())
        #expect(first.isLeftOut)
        #expect(throws: TrainingError.self) { while try run.advance() != nil {} }
        #expect(run.step < 100)
    }

    @Test(arguments: [
        ("{\"step\": 3}", "step"), ("{\"steps\": 0}", "steps"),
        ("{\"optimizer\": {\"learning_rate\": -1}}", "optimizer.learning_rate"),
        ("{\"data\": {\"colours\": 1}}", "data.colours"), ("{\"model\": \"medvt\"}", "model"),
        ("{\"loss\": {\"pixel_weight\": 0, \"dice_weight\": 0}}", "loss"),
        ("{\"data\": {\"zoom\": [2, 1]}}", "data.zoom"),
    ])
    func refusesAWrongRecipe(text: String, option: String) {
        let error = #expect(throws: TrainingError.self) {
            try JSONDecoder().decode(TrainingRecipe.self, from: Data(text.utf8))
        }
        #expect(error?.description.contains("'\(option)'") ?? false)
    }

    @Test func refusesModelsWithoutGradients() throws {
        for model in ["avos-swinb", "seqformer-r50"] {
            let recipe = try JSONDecoder().decode(
                TrainingRecipe.self, from: Data("{\"model\": \"\(model)\"}".utf8))
            #expect(throws: TrainingError.self) {
                try TrainingData(root: "/nowhere", recipe: recipe)
            }
        }
    }
}
