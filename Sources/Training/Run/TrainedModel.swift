import Checkpoints
import Models
import Tensor

/// The tensors of a model as the file that ships: matrices and kernels in 16 bits, the rest in 32.
public struct TrainedModel: Sendable {
    private let weights: [String: Tensor<Float>]
    private let preset: String

    /// - Parameter preset: the name of the model's preset, which the file will carry.
    public init(_ weights: [String: Tensor<Float>], preset: String) {
        self.weights = weights
        self.preset = preset
    }

    /// Writes the file at once, replacing the one that is there.
    ///
    /// Vectors, such as the variances of norms, are few and need their range: they keep all bits.
    public func write(to path: String) throws {
        let recipe = try ModelRecipe(for: TensorSource(weights), preset: preset)
        var writer = SafetensorsWriter(metadata: try recipe.metadata)
        for (name, tensor) in weights {
            if tensor.rank > 1 {
                writer.addHalved(name, tensor)
            } else {
                writer.add(name, tensor)
            }
        }
        try writer.write(to: path)
    }
}
