import Checkpoints
import Kernels
import Tensor

/// A convolution over images with TensorFlow's "SAME" padding: `ceil(length / stride)` outputs, and where
/// the zeros around the image are odd in number, the last one is at its bottom and right.
///
/// With stride 1 and an odd kernel that is ``Conv2d`` with a padding of half the kernel.
public struct SamePaddedConv2d: Sendable {
    private let weight: PackedConvolution
    private let bias: Tensor<Float>?
    private let kernelSize: Int
    private let stride: Int

    /// Takes `weight` `[outputs, inputs / groups, kernelSize, kernelSize]` and folds a batch norm that
    /// follows into it.
    public init(
        _ weights: WeightScope, inputChannels: Int, outputChannels: Int, kernelSize: Int,
        stride: Int, groups: Int = 1, folding norm: BatchNorm
    ) throws {
        let stored = try weights.tensor(
            "weight", shape: [outputChannels, inputChannels / groups, kernelSize, kernelSize])
        let folded = norm.folded(into: stored, bias: nil)
        weight = PackedConvolution(folded.weight, groups: groups, onlyStride1: stride == 1)
        bias = folded.bias
        self.kernelSize = kernelSize
        self.stride = stride
    }

    /// `[frames, height, width, inputs]` to `[frames, ceil(height / stride), ceil(width / stride),
    /// outputs]`.
    public func callAsFunction(
        _ x: Tensor<Float>, activation: Activation = .none
    ) -> Tensor<Float> {
        let rows = margins(x.shape[1])
        let columns = margins(x.shape[2])
        return convolution(
            "SamePaddedConv2d", x, weight, bias: bias,
            stride: Extent(frames: 1, height: stride, width: stride),
            padding: Extent(frames: 0, height: rows.before, width: columns.before),
            trailingPadding: Extent(frames: 0, height: rows.after, width: columns.after),
            dilation: Extent(frames: 1, height: 1, width: 1), activation: activation)
    }

    private func margins(_ length: Int) -> (before: Int, after: Int) {
        let outputs = (length + stride - 1) / stride
        let total = max(0, (outputs - 1) * stride + kernelSize - length)
        return (total / 2, total - total / 2)
    }
}
