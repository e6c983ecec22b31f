import Checkpoints
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
        // What all four sides have in common costs the convolution nothing.
        let common = min(rows.before, columns.before)
        let rest = [rows, columns].map { ($0.before - common, $0.after - common) }
        let isEven = rest.allSatisfy { $0 == (0, 0) }
        return conv2d(
            isEven ? x : padded(x, [(0, 0), rest[0], rest[1], (0, 0)]), weight, bias: bias,
            stride: stride, padding: common, activation: activation)
    }

    private func margins(_ length: Int) -> (before: Int, after: Int) {
        let outputs = (length + stride - 1) / stride
        let total = max(0, (outputs - 1) * stride + kernelSize - length)
        return (total / 2, total - total / 2)
    }
}
