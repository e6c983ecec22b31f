import Checkpoints
import Tensor

/// Normalisation over the channels of each position, with a learned scale and shift.
public struct LayerNorm: Sendable {
    private let weight: Tensor<Float>
    private let bias: Tensor<Float>
    private let epsilon: Float

    /// Takes `weight` and `bias`, both `[channels]`.
    public init(_ weights: WeightScope, channels: Int, epsilon: Float = 1e-5) throws {
        weight = try weights.tensor("weight", shape: [channels])
        bias = try weights.tensor("bias", shape: [channels])
        self.epsilon = epsilon
    }

    /// A norm with this scale and shift, both `[channels]`.
    public init(weight: Tensor<Float>, bias: Tensor<Float>, epsilon: Float = 1e-5) {
        (self.weight, self.bias, self.epsilon) = (weight, bias, epsilon)
    }

    /// `[..., channels]` to the same shape.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    }
}
