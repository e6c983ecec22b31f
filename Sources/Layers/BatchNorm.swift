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
        let weight = try weights.tensor("weight", shape: [channels]).scalars
        let bias = try weights.tensor("bias", shape: [channels]).scalars
        let mean = try weights.tensor("running_mean", shape: [channels]).scalars
        let variance = try weights.tensor("running_var", shape: [channels]).scalars
        weights.ignore("num_batches_tracked")
        let scale = zip(weight, variance).map { $0 / ($1 + epsilon).squareRoot() }
        self.scale = Tensor(scale)
        shift = Tensor(zip(bias, zip(mean, scale)).map { $0 - $1.0 * $1.1 })
    }

    /// A convolution's weight, `[outputs, ...]`, and bias with this norm applied to what they give.
    func folded(into weight: Tensor<Float>, bias: Tensor<Float>?)
        -> (weight: Tensor<Float>, bias: Tensor<Float>)
    {
        precondition(
            weight.shape[0] == scale.count,
            "BatchNorm: \(scale.shape) channels do not fit the weight \(weight.shape)")
        let perOutput = weight.count / max(1, scale.count)
        var scaled = weight
        scaled.withUnsafeMutableBuffer { elements in
            for (output, factor) in scale.scalars.enumerated() {
                for i in output * perOutput..<(output + 1) * perOutput { elements[i] *= factor }
            }
        }
        guard let bias else { return (scaled, shift) }
        return (
            scaled,
            Tensor(zip(bias.scalars, zip(scale.scalars, shift.scalars)).map { $0 * $1.0 + $1.1 })
        )
    }
}
