import Checkpoints
import Foundation
import Models
import Tensor
import Testing
import Training

@Suite struct TrainingRunTests {
    /// A run that is taken up again after an interruption gives the files of one that never was, to the bit;
    /// steps after the last saved state are taken again, and stand in the log once.
    @Test func continuesExactly() throws {
        let recipe = try SmallRun.recipe(steps: 4, interval: 2)
        let (whole, parts) = (try SmallRun(), try SmallRun())
        defer {
            whole.clear()
            parts.clear()
        }
        let uninterrupted = try whole.run(recipe)
        while try uninterrupted.advance() != nil {}
        let first = try parts.run(recipe)
        for _ in 0..<3 { _ = try first.advance() }
        let second = try parts.run(recipe)
        #expect(second.step == 2)
        while try second.advance() != nil {}
        for name in ["state.safetensors", "model.safetensors", "recipe.json"] {
            #expect(try whole.content(name) == parts.content(name), "\(name)")
        }
        #expect(try parts.content("log.jsonl").split(separator: UInt8(ascii: "\n")).count == 4)
        #expect(
            String(decoding: try parts.content("curves.html"), as: UTF8.self).contains("<svg"))
    }

    /// What is saved is a checkpoint that the registry recognises and loads strictly.
    @Test func savesAModel() throws {
        let small = try SmallRun()
        defer { small.clear() }
        let run = try small.run(
            SmallRun.recipe(steps: 1, interval: 1), validation: "\(small.data.path)/video")
        let progress = try #require(try run.advance())
        #expect(progress.validation.map((0...1).contains) ?? false)
        #expect(try run.advance() == nil)
        let source = try openCheckpoint(at: "\(small.folder)/model.safetensors")
        let recipe = try ModelRecipe(for: source)
        #expect(recipe.preset == "medvt-lite")
        #expect(try recipe.model(from: source).report.isComplete)
    }

    /// The same few pictures again and again: the loss falls, far more than it varies from clip to clip.
    @Test func learns() throws {
        let small = try SmallRun()
        defer { small.clear() }
        let run = try small.run(SmallRun.recipe(steps: 30, interval: 30))
        var losses: [Double] = []
        while let progress = try run.advance() { losses.append(progress.loss) }
        let mean = { (values: ArraySlice<Double>) in values.reduce(0, +) / Double(values.count) }
        #expect(mean(losses.suffix(5)) < mean(losses.prefix(5)) - 0.2)
    }

    @Test func refusesAnotherRecipe() throws {
        let small = try SmallRun()
        defer { small.clear() }
        _ = try small.run(SmallRun.recipe(steps: 1, interval: 1)).advance()
        #expect(
            throws: TrainingError.otherRun(
                folder: "\(small.folder)/state.safetensors", difference: "steps")
        ) { try small.run(SmallRun.recipe(steps: 2, interval: 1)) }
        // How often states are saved changes nothing in them.
        #expect(try small.run(SmallRun.recipe(steps: 1, interval: 7)).step == 1)
    }

    @Test func refusesADamagedState() throws {
        let small = try SmallRun()
        defer { small.clear() }
        let recipe = try SmallRun.recipe(steps: 1, interval: 1)
        _ = try small.run(recipe).advance()
        let path = "\(small.folder)/state.safetensors"
        try small.content("state.safetensors").prefix(100_000)
            .write(to: URL(fileURLWithPath: path))
        #expect(throws: CheckpointError.self) { try small.run(recipe) }
        try small.content("model.safetensors").write(to: URL(fileURLWithPath: path))
        #expect(
            throws: TrainingError.unusableCheckpoint(
                path: path, problem: "it is not the state of a run")
        ) { try small.run(recipe) }
    }

    /// Parameters that are no numbers: steps are left out, then the run ends with a sentence.
    @Test func endsWhereTheLossIsNoNumber() throws {
        let small = try SmallRun()
        defer { small.clear() }
        let recipe = try SmallRun.recipe(steps: 100, interval: 1000)
        let run = try small.run(recipe) {
            var weights = try SmallRun.weights(recipe)
            weights["insmask_head.9.bias"] = Tensor([.nan])
            return weights
        }
        #expect(try #require(try run.advance()).isLeftOut)
        #expect(throws: TrainingError.diverged(step: 0, checkpoint: nil)) {
            while try run.advance() != nil {}
        }
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

    @Test(arguments: ["avos-swinb", "seqformer-r50"])
    func refusesModelsWithoutGradients(model: String) throws {
        let recipe = try JSONDecoder().decode(
            TrainingRecipe.self, from: Data("{\"model\": \"\(model)\"}".utf8))
        #expect(throws: TrainingError.self) {
            try TrainingData(root: "/nowhere", recipe: recipe)
        }
    }

    /// A checkpoint of a model without frame differences serves as a beginning: they are added, and change nothing yet.
    @Test func frameDifferencesAreAddedToABeginning() throws {
        let recipe = try SmallRun.recipe(steps: 1, interval: 1)
        var configuration = try #require(recipe.configuration as? MEDVTConfiguration)
        configuration.frameDifferences = false
        let old = try MadeUpWeights.source(for: configuration, name: "old")
        let weights = try InitialWeights.of(checkpoint: old, for: recipe)
        for entry in old.entries { #expect(weights[entry.name] == (try old.floats(entry.name))) }
        let added = weights.filter { old.entry(named: $0.key) == nil }
        #expect(added.count == 15)
        #expect(added["frame_differences.output.0.weight"]?.scalars.allSatisfy { $0 == 0 } == true)
        #expect(added["frame_differences.input.0.weight"]?.scalars.contains { $0 != 0 } == true)
    }
}
