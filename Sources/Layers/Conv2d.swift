import Checkpoints
import Tensor

/// A convolution over images, channels last, with a square kernel.
public struct Conv2d: Sendable {
    private let weight: PackedConvolution
    private let bias: Tensor<Float>?
    private let stride: Int
    private let padding: Int
    private let dilation: Int

    /// Takes `weight` `[outputs, inputs / groups, kernelSize, kernelSize]` and, where `bias` says so,
    /// `bias` `[outputs]`.
    ///
    /// - Parameter norm: a batch norm that follows: it is multiplied into the weight.
    public init(
        _ weights: WeightScope, inputChannels: Int, outputChannels: Int, kernelSize: Int,
        stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
        folding norm: BatchNorm? = nil
    ) throws {
        precondition(
            groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0,
            "Conv2d: \(inputChannels) to \(outputChannels) channels in \(groups) groups")
        let stored = try weights.tensor(
            "weight", shape: [outputChannels, inputChannels / groups, kernelSize, kernelSize])
        let storedBias = bias ? try weights.tensor("bias", shape: [outputChannels]) : nil
        if let norm {
            let folded = norm.folded(into: stored, bias: storedBias)
            weight = PackedConvolution(
                folded.weight, groups: groups, onlyStride1: stride == 1)
            self.bias = folded.bias
        } else {
            weight = PackedConvolution(stored, groups: groups, onlyStride1: stride == 1)
            self.bias = storedBias
        }
        self.stride = stride
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
        conv2d(
            x, weight, bias: bias, residual: residual, stride: stride, padding: padding,
            dilation: dilation, activation: activation)
    }
}
