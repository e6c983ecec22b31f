import Checkpoints
import Tensor

/// A deformable convolution over images, without modulation, stride 1. Its offsets come from elsewhere.
public struct DeformableConv2d: Sendable {
    private let weight: PackedConvolution
    private let bias: Tensor<Float>?
    private let padding: Int

    /// Takes `weight` `[outputs, inputs, kernelSize, kernelSize]` and, where `bias` says so, `bias`
    /// `[outputs]`.
    public init(
        _ weights: WeightScope, inputChannels: Int, outputChannels: Int, kernelSize: Int,
        padding: Int = 0, bias: Bool = true
    ) throws {
        weight = PackedConvolution(
            try weights.tensor(
                "weight", shape: [outputChannels, inputChannels, kernelSize, kernelSize]))
        self.bias = bias ? try weights.tensor("bias", shape: [outputChannels]) : nil
        self.padding = padding
    }

    /// `x` `[frames, height, width, inputs]` sampled where `offsets` `[frames, height, width, 2 * taps]`
    /// say (down, then right, for each tap), to `[frames, height, width, outputs]`.
    public func callAsFunction(_ x: Tensor<Float>, offsets: Tensor<Float>) -> Tensor<Float> {
        deformConv2d(x, offsets: offsets, weight, bias: bias, padding: padding)
    }
}
