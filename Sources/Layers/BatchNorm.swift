import Checkpoints
import Tensor

/// Batch normalisation with the statistics gathered in training, as a scale and a shift a channel.
///
/// `x * scale + shift` with `scale = weight / sqrt(running_var + epsilon)` and
/// `shift = bias - running_mean * scale`. Frozen batch norms of detection code have the same tensors and,
/// with the same epsilon, the same values.
public struct BatchNorm: Sendable {
    /// What each channel is multiplied by, `[channels]`.
    public let scale: Tensor<Float>

    /// What is added to each channel afterwards, `[channels]`.
    public let shift: Tensor<Float>

    /// Takes `weight`, `bias`, `running_mean` and `running_var`, each `[channels]`. The counter
    /// `num_batches_tracked` is not needed.
    public init(_ weights: WeightScope, channels: Int, epsilon: Float = 1e-5) throws {
        let weight = try weights.tensor("weight", shape: [channels])
        let bias = try weights.tensor("bias", shape: [channels])
        let mean = try weights.tensor("running_mean", shape: [channels])
        let variance = try weights.tensor("running_var", shape: [channels])
        weights.ignore("num_batches_tracked")
        scale = weight / sqrt(variance + epsilon)
        shift = bias - mean * scale
    }

    /// A convolution's weight, `[outputs, ...]`, and bias with this norm applied to what they give.
    func folded(into weight: Tensor<Float>, bias: Tensor<Float>?)
        -> (weight: Tensor<Float>, bias: Tensor<Float>)
    {
        precondition(
            weight.shape[0] == scale.count,
            "BatchNorm: \(scale.shape) channels do not fit the weight \(weight.shape)")
        let perOutput = [scale.count] + [Int](repeating: 1, count: weight.rank - 1)
        return (weight * scale.reshaped(perOutput), bias.map { $0 * scale + shift } ?? shift)
    }
}
