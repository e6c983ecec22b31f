import Kernels
import Tensor

/// The gradient by a tensor of `shape` of which a range along `axis` was taken: zero outside.
package func sliceGradient(
    _ gradient: Tensor<Float>, shape: [Int], axis: Int, range: Range<Int>
) -> Tensor<Float> {
    precondition(
        shape.indices.contains(axis) && range.upperBound <= shape[axis]
            && gradient.shape.count == shape.count && gradient.shape[axis] == range.count,
        "sliceGradient: \(gradient.shape) is not \(range) along axis \(axis) of \(shape)")
    let amounts = shape.indices.map { index in
        index == axis
            ? (before: range.lowerBound, after: shape[axis] - range.upperBound)
            : (before: 0, after: 0)
    }
    guard axis != 0 else { return padded(gradient, amounts) }
    // As rows of runs, so that an inner axis costs no call for every one of its lines.
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let rows = gradient.reshaped(outer, range.count * inner)
    let widened = padded(
        rows,
        [
            (before: 0, after: 0),
            (before: amounts[axis].before * inner, after: amounts[axis].after * inner),
        ])
    return widened.reshaped(shape)
}

/// The gradient by a tensor whose rows `indices` were taken: a row that was taken often gets the sum.
///
/// - Parameter rows: How many the tensor has.
package func takeRowsGradient(
    _ gradient: Tensor<Float>, rows: Int, indices: [Int]
) -> Tensor<Float> {
    precondition(
        gradient.rank > 0 && gradient.shape[0] == indices.count
            && indices.allSatisfy { (0..<rows).contains($0) },
        "takeRowsGradient: \(gradient.shape) for \(indices.count) of \(rows) rows")
    let run = gradient.shape[1...].reduce(1, *)
    var result = Tensor<Float>(zeros: [rows] + gradient.shape[1...])
    result.withUnsafeMutableBuffer { buffer in
        gradient.withUnsafeBuffer { source in
            guard let to = buffer.baseAddress, let from = source.baseAddress, run > 0 else {
                return
            }
            for (row, index) in indices.enumerated() {
                let into = to + index * run
                combine(
                    .add, count: run, UnsafePointer(into), strideA: 1, from + row * run, strideB: 1,
                    into: into)
            }
        }
    }
    return result
}

/// The gradient by a tensor that was padded: without the padding. A view.
package func paddedGradient(
    _ gradient: Tensor<Float>, _ amounts: [(before: Int, after: Int)]
) -> Tensor<Float> {
    precondition(
        amounts.count == gradient.rank, "paddedGradient: \(amounts) does not fit \(gradient.shape)")
    return amounts.enumerated().reduce(gradient) { result, pair in
        let (axis, amount) = pair
        return result.sliced(axis: axis, amount.before..<result.shape[axis] - amount.after)
    }
}
