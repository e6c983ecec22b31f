import Kernels
import Tensor

/// The gradients by the operands of an element-wise operation, each of its operand's shape: summed over the
/// axes along which it was stretched.
///
/// Where a maximum or minimum has two equal operands, each gets half, as in PyTorch.
package func binaryGradients(
    _ operation: BinaryOperation, _ a: Tensor<Float>, _ b: Tensor<Float>, gradient: Tensor<Float>
) -> (Tensor<Float>, Tensor<Float>) {
    let byA: Tensor<Float>
    let byB: Tensor<Float>
    switch operation {
    case .add: (byA, byB) = (gradient, gradient)
    case .subtract: (byA, byB) = (gradient, -summed(gradient, to: b.shape))
    case .multiply: (byA, byB) = (gradient * b, gradient * a)
    case .divide:
        byA = gradient / b
        byB = -(byA * (a / b))
    case .maximum, .minimum:
        let difference = operation == .maximum ? a - b : b - a
        let share = paired(difference, gradient) { count, difference, gradient, to in
            for i in 0..<count {
                let sign: Float = difference[i] > 0 ? 1 : difference[i] < 0 ? 0 : 0.5
                to[i] = gradient[i] * sign
            }
        }
        (byA, byB) = (share, gradient - share)
    }
    return (summed(byA, to: a.shape), summed(byB, to: b.shape))
}

/// `gradient` summed over the axes along which a tensor of `shape` was stretched to its shape.
package func summed(_ gradient: Tensor<Float>, to shape: [Int]) -> Tensor<Float> {
    guard gradient.shape != shape else { return gradient }
    let added = gradient.rank - shape.count
    precondition(
        added >= 0
            && zip(shape, gradient.shape.dropFirst(added)).allSatisfy { $0 == $1 || $0 == 1 },
        "summed: \(gradient.shape) is no stretched \(shape)")
    // Neighbouring axes that are both summed or both kept are one: mostly a single sum is left.
    var kept: [Bool] = []
    var lengths: [Int] = []
    for (axis, length) in gradient.shape.enumerated() where length != 1 {
        let keeps = axis >= added && shape[axis - added] == length
        if kept.last == keeps {
            lengths[lengths.count - 1] *= length
        } else {
            kept.append(keeps)
            lengths.append(length)
        }
    }
    var result = gradient.reshaped(lengths)
    for axis in lengths.indices.reversed() where !kept[axis] { result = result.sum(axis: axis) }
    return result.reshaped(shape)
}

/// The sum of all rows of `[..., channels]`: the gradient by a bias.
package func summedRows(_ gradient: Tensor<Float>) -> Tensor<Float> {
    precondition(gradient.rank > 0, "summedRows: a scalar has no rows")
    return summed(gradient, to: [gradient.shape[gradient.rank - 1]])
}
