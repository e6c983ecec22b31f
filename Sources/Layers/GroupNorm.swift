import Checkpoints
import Tensor

/// Normalisation over all positions of groups of channels, with a learned scale and shift.
public struct GroupNorm: Sendable {
    private let groups: Int
    private let weight: Tensor<Float>
    private let bias: Tensor<Float>
    private let epsilon: Float

    /// Takes `weight` and `bias`, both `[channels]`.
    public init(
        _ weights: WeightScope, groups: Int, channels: Int, epsilon: Float = 1e-5
    ) throws {
        self.groups = groups
        weight = try weights.tensor("weight", shape: [channels])
        bias = try weights.tensor("bias", shape: [channels])
        self.epsilon = epsilon
    }

    /// `[batch, ..., channels]` to the same shape; statistics are those of each batch element. For a
    /// norm that spans a clip's frames, the clip is `[1, frames, height, width, channels]`.
    public func callAsFunction(
        _ x: Tensor<Float>, activation: Activation = .none
    ) -> Tensor<Float> {
        groupNorm(
            x, groups: groups, weight: weight, bias: bias, epsilon: epsilon,
            activation: activation)
    }
}
