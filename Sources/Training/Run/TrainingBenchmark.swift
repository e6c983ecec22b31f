import Tensor

/// How long steps take, without waiting for clips and without writing anything.
public struct TrainingBenchmark {
    private var trainer: Trainer
    private let clips: [TrainingClip]

    /// A benchmark of a recipe on the clips of its first step.
    public init(
        _ recipe: TrainingRecipe, data: TrainingData, weights: [String: Tensor<Float>]
    ) throws {
        trainer = Trainer(recipe, try TrainableModel(recipe.configuration), weights: weights)
        clips = try (0..<recipe.clipsPerStep).map { try data.clip(step: 0, index: $0) }
    }

    /// The seconds of each of `steps` steps, after one that is not counted.
    public mutating func run(steps: Int) throws -> [Double] {
        _ = try trainer.step(on: clips)
        return try (0..<steps).map { _ in
            let start = ContinuousClock.now
            _ = try trainer.step(on: clips)
            return (ContinuousClock.now - start) / .seconds(1)
        }
    }
}
