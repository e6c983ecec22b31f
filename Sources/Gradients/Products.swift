import Kernels
import Tensor

/// The gradients of `x * transpose(weight)`.
///
/// - Parameters:
///   - x: `[..., inputs]`.
///   - weight: `[outputs, inputs]`.
///   - gradient: By the result, `[..., outputs]`.
package func linearGradients(
    x: Tensor<Float>, weight: Tensor<Float>, gradient: Tensor<Float>, wantsX: Bool,
    wantsWeight: Bool
) -> (x: Tensor<Float>?, weight: Tensor<Float>?) {
    precondition(
        weight.rank == 2 && x.rank > 0 && x.shape.last == weight.shape[1]
            && gradient.shape == x.shape.dropLast() + [weight.shape[0]],
        "linearGradients: x \(x.shape), weight \(weight.shape), gradient \(gradient.shape)")
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let rows = x.shape.dropLast().reduce(1, *)
    let flat = gradient.reshaped([rows, outputs])
    return (
        wantsX ? linear(flat, PackedMatrix(weight.transposed(1, 0))).reshaped(x.shape) : nil,
        wantsWeight ? weightGradient(flat, x.reshaped([rows, inputs])) : nil
    )
}

/// The gradients of a matrix product, each of its operand's shape: leading axes are summed over where an
/// operand was stretched.
package func matmulGradients(
    _ a: Tensor<Float>, _ b: Tensor<Float>, gradient: Tensor<Float>
) -> (Tensor<Float>, Tensor<Float>) {
    (
        summed(matmul(gradient, matrixTransposed(b)), to: a.shape),
        summed(matmul(matrixTransposed(a), gradient), to: b.shape)
    )
}

/// A view with the last two axes exchanged.
private func matrixTransposed(_ x: Tensor<Float>) -> Tensor<Float> {
    var axes = Array(x.shape.indices)
    axes.swapAt(x.rank - 2, x.rank - 1)
    return x.transposed(axes: axes)
}

/// `transpose(gradient) * x` of `[rows, outputs]` and `[rows, inputs]`: few results, each a sum over many rows.
private func weightGradient(_ gradient: Tensor<Float>, _ x: Tensor<Float>) -> Tensor<Float> {
    let (rows, outputs, inputs) = (x.shape[0], gradient.shape[1], x.shape[1])
    guard rows > 0 else { return Tensor(zeros: [outputs, inputs]) }
    return x.withUnsafeBuffer { x in
        gradient.withUnsafeBuffer { gradient in
            Tensor(shape: [outputs, inputs]) { buffer in
                guard let x = x.baseAddress, let gradient = gradient.baseAddress,
                    let to = buffer.baseAddress, !buffer.isEmpty
                else { return }
                pointwiseWeightGradient(
                    pixels: rows, x, strideX: inputs, channels: inputs, gradient: gradient,
                    strideG: outputs, outputs: outputs, into: to)
            }
        }
    }
}
