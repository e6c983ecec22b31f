import Kernels

/// What an operation on tensors was, so that somebody can tell its gradient.
///
/// The operands are named in the order in which an ``Origin`` lists them; those in brackets may be absent.
package enum Operation: Sendable {
    /// No operation: a value given from outside.
    case parameter

    /// `x`: every element mapped.
    case unary(UnaryOperation)
    /// `a`, `b`: pairs of elements, shapes broadcast.
    case binary(BinaryOperation)

    /// `x`: the same elements with another shape.
    case reshaped
    /// `x`: axes in another order; axis `i` of the result is `axes[i]` of `x`.
    case transposed(axes: [Int])
    /// `x`: the elements of a range along an axis.
    case sliced(axis: Int, range: Range<Int>)
    /// `x`: the opposite order along an axis.
    case flipped(axis: Int)
    /// `x`: a constant added before and after each axis.
    case padded([(before: Int, after: Int)])
    /// All operands one after the other along an axis.
    case concatenated(axis: Int)
    /// `x`: rows of its first axis.
    case rows([Int])

    /// `x`: summed along an axis.
    case sum(axis: Int)
    /// `x`: its largest or smallest elements along an axis.
    case extremum(axis: Int)

    /// `x`: along the last axis.
    case softmax
    /// `x`, `[weight]`, `[bias]`.
    case layerNorm(epsilon: Float)
    /// `x`, `[weight]`, `[bias]`.
    case groupNorm(groups: Int, epsilon: Float, activation: Activation)

    /// `a`, `b`.
    case matmul
    /// `x`, `weight` `[outputs, inputs]`, `[bias]`, `[residual]`.
    case linear(activation: Activation)
    /// `x`, `weight` as in checkpoints, `[bias]`, `[residual]`.
    case convolution(
        stride: Extent, padding: Extent, trailingPadding: Extent, dilation: Extent, groups: Int,
        activation: Activation)
    /// `x`, `offsets`, `weight` as in checkpoints, `[bias]`.
    case deformableConvolution(padding: Int)
    /// `queries`, `keys`, `values`, `[bias]`.
    case attention(heads: Int, scale: Float, keyPaddingMask: Tensor<Bool>?, groupSize: Int?)

    /// `x`.
    case maxPool2d(kernelSize: Int, stride: Int, padding: Int)
    /// `x`.
    case resizedBilinear
    /// `x`.
    case resizedNearest
}
