import Foundation
import Models
import Tensor
import Training

/// A run that takes seconds: small clips of a video and three pictures, made-up weights.
struct SmallRun {
    let data: DataFolder
    let folder: String

    init() throws {
        data = try DataFolder()
        try data.addVideo("swan", in: "video", frames: 6)
        for index in 0..<3 { try data.addStill("p\(index)", in: "pictures", left: 10 + 9 * index) }
        folder = "\(data.path)-run"
    }

    /// Removes what the run has written.
    func clear() { try? FileManager.default.removeItem(atPath: folder) }

    /// A recipe of a few small steps.
    static func recipe(steps: Int, interval: Int) throws -> TrainingRecipe {
        let text = """
            {"steps": \(steps), "checkpoint_interval": \(interval), "clips_per_step": 1,
             "data": {"height": 64, "width": 96}, "schedule": {"warmup_steps": 2}}
            """
        return try JSONDecoder().decode(TrainingRecipe.self, from: Data(text.utf8))
    }

    /// Made-up tensors of the recipe's model.
    static func weights(_ recipe: TrainingRecipe) throws -> [String: Tensor<Float>] {
        try InitialWeights.of(
            checkpoint: MadeUpWeights.source(for: recipe.configuration, name: recipe.model),
            for: recipe)
    }

    /// Begins or continues the run.
    func run(
        _ recipe: TrainingRecipe, validation: String? = nil,
        initial: (() throws -> [String: Tensor<Float>])? = nil
    ) throws -> TrainingRun {
        try TrainingRun(
            recipe, data: TrainingData(root: data.path, recipe: recipe), validation: validation,
            initial: initial ?? { try Self.weights(recipe) }, folder: folder)
    }

    /// A file that the run has written.
    func content(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
}
