import Kernels
import Tensor

/// The gradient by `x` of its sum along `axis`: each element gets the gradient of the sum that it is in.
///
/// - Parameters:
///   - shape: Of `x`.
///   - gradient: By the sum, with or without the summed axis.
package func sumGradient(shape: [Int], axis: Int, gradient: Tensor<Float>) -> Tensor<Float> {
    stretched(gradient, to: shape, axis: axis, "sumGradient")
}

/// The gradient by `x` of its largest or smallest elements along `axis`: of several equal ones, each gets
/// the same share, as in PyTorch's `amax`.
///
/// - Parameters:
///   - result: The extremes, with or without the axis along which they were taken; `gradient` is like it.
package func extremumGradient(
    x: Tensor<Float>, axis: Int, result: Tensor<Float>, gradient: Tensor<Float>
) -> Tensor<Float> {
    let extremes = stretched(result, to: x.shape, axis: axis, "extremumGradient")
    let chosen = paired(x, extremes) { count, x, extreme, to in
        for i in 0..<count { to[i] = x[i] == extreme[i] ? 1 : 0 }
    }
    var kept = x.shape
    kept[axis] = 1
    return chosen * (gradient.reshaped(kept) / chosen.sum(axis: axis, keepDims: true))
}

/// The tensor with every element repeated along `axis`, of which it has one or none.
private func stretched(
    _ tensor: Tensor<Float>, to shape: [Int], axis: Int, _ operation: String
) -> Tensor<Float> {
    precondition(shape.indices.contains(axis), "\(operation): axis \(axis) is outside \(shape)")
    var kept = shape
    kept[axis] = 1
    precondition(
        tensor.count == kept.reduce(1, *),
        "\(operation): \(tensor.shape) is not \(shape) reduced along axis \(axis)")
    return tensor.reshaped(kept) + Tensor(zeros: shape)
}

/// The gradient by the argument of a softmax along the last axis: `y (g - sum(g y))`.
///
/// - Parameters:
///   - result: The softmax, `y`.
///   - gradient: By the result, `g`.
package func softmaxGradient(result: Tensor<Float>, gradient: Tensor<Float>) -> Tensor<Float> {
    precondition(
        result.shape == gradient.shape && result.rank > 0,
        "softmaxGradient: result \(result.shape), gradient \(gradient.shape)")
    let columns = result.shape[result.rank - 1]
    return result.withUnsafeBuffer { y in
        gradient.withUnsafeBuffer { g in
            Tensor(shape: result.shape) { buffer in
                guard let y = y.baseAddress, let g = g.baseAddress, let to = buffer.baseAddress,
                    !buffer.isEmpty
                else { return }
                ThreadPool.shared.runRanges(
                    buffer.count / columns, grain: max(1, elementwiseGrain / columns)
                ) { rows in
                    for row in rows {
                        differentiateSoftmaxRow(
                            columns, y + row * columns, g + row * columns, into: to + row * columns)
                    }
                }
            }
        }
    }
}
