import Checkpoints
import Models
import Tensor

/// The tensors that a run begins with.
public enum InitialWeights {
    /// Those of a checkpoint of the same model.
    ///
    /// - Throws: `CheckpointError` where its tensors are not those of the preset's model.
    public static func of(
        checkpoint source: any WeightSource, for recipe: TrainingRecipe
    ) throws -> [String: Tensor<Float>] {
        let model = try TrainableModel(recipe.configuration)
        // Built once, so that what is missing or does not fit is told by name.
        let weights = WeightScope(source)
        _ = try model.configuration.model(weights)
        try weights.finish()
        return try Dictionary(
            uniqueKeysWithValues: source.entries.map { ($0.name, try source.floats($0.name)) })
    }

    /// Those of the backbone from a checkpoint of it, the others at random.
    public static func random(
        for recipe: TrainingRecipe, backbone: any WeightSource
    ) throws -> [String: Tensor<Float>] {
        try TrainableModel(recipe.configuration).configuration.initialWeights(
            seed: recipe.seed, backbone: backbone)
    }
}
