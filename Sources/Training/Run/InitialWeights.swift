import Checkpoints
import Models
import Tensor

/// The tensors that a run begins with.
public enum InitialWeights {
    /// Those of a checkpoint of the same model. Where it is of one without frame differences and the recipe's has them,
    /// they begin as in a fresh model, and change nothing yet.
    ///
    /// - Throws: `CheckpointError` where its tensors are not those of the preset's model.
    public static func of(
        checkpoint source: any WeightSource, for recipe: TrainingRecipe
    ) throws -> [String: Tensor<Float>] {
        let model = try TrainableModel(recipe.configuration)
        let added = try model.configuration.initialFrameDifferences(seed: recipe.seed)
        var configuration = model.configuration
        if added.keys.allSatisfy({ source.entry(named: $0) == nil }) {
            configuration.frameDifferences = false
        }
        // Built once, so that what is missing or does not fit is told by name.
        let weights = WeightScope(source)
        _ = try configuration.model(weights)
        try weights.finish()
        let found = try source.entries.map { ($0.name, try source.floats($0.name)) }
        return Dictionary(uniqueKeysWithValues: found).merging(added) { found, _ in found }
    }

    /// Those of the backbone from a checkpoint of it, the others at random.
    public static func random(
        for recipe: TrainingRecipe, backbone: any WeightSource
    ) throws -> [String: Tensor<Float>] {
        try TrainableModel(recipe.configuration).configuration.initialWeights(
            seed: recipe.seed, backbone: backbone)
    }
}
