import Checkpoints
import Tensor

/// A convolution over clips, channels last, stride 1.
public struct Conv3d: Sendable {
    private let weight: PackedConvolution
    private let bias: Tensor<Float>?
    private let padding: (frames: Int, height: Int, width: Int)
    private let dilation: Int

    /// Takes `weight` `[outputs, inputs, frames, height, width]` and, where `bias` says so, `bias`
    /// `[outputs]`.
    public init(
        _ weights: WeightScope, inputChannels: Int, outputChannels: Int,
        kernelSize: (frames: Int, height: Int, width: Int),
        padding: (frames: Int, height: Int, width: Int) = (0, 0, 0), dilation: Int = 1,
        bias: Bool = true
    ) throws {
        weight = PackedConvolution(
            try weights.tensor(
                "weight",
                shape: [
                    outputChannels, inputChannels, kernelSize.frames, kernelSize.height,
                    kernelSize.width,
                ]), onlyStride1: true)
        self.bias = bias ? try weights.tensor("bias", shape: [outputChannels]) : nil
        self.padding = padding
        self.dilation = dilation
    }

    /// Channels that come out.
    public var outputChannels: Int { weight.outputs }

    /// `[frames, height, width, inputs]` to `[frames, height, width, outputs]`; `residual` has the
    /// result's shape and is added before the activation.
    public func callAsFunction(
        _ x: Tensor<Float>, residual: Tensor<Float>? = nil, activation: Activation = .none
    ) -> Tensor<Float> {
        conv3d(
            x, weight, bias: bias, residual: residual, padding: padding, dilation: dilation,
            activation: activation)
    }
}
