import Tensor

/// The derivative of `loss` by every element of `x`, by central differences at two steps and Richardson's
/// extrapolation: wrong by terms of `step^4`, and by the error of `loss` over `step`.
///
/// `loss` computes in double precision, from single-precision operands: a ``Naive`` twin and
/// ``weightedSum(_:_:)``. Of a function that is linear in `x`, as a product is, any step will
/// do: a large one drowns the rounding of a twin whose result is single-precision.
///
/// Functions with a kink (a maximum, the magnitude) want operands that are farther than `step` from it.
public func centralDifferences(
    at x: Tensor<Float>, step: Float = 0x1p-5, _ loss: (Tensor<Float>) -> Double
) -> [Double] {
    let values = x.scalars
    func difference(_ index: Int, _ step: Float) -> Double {
        var (up, down) = (values, values)
        up[index] += step
        down[index] -= step
        // The steps that single precision really took.
        let width = Double(up[index]) - Double(down[index])
        return (loss(Tensor(up, shape: x.shape)) - loss(Tensor(down, shape: x.shape))) / width
    }
    return values.indices.map { (4 * difference($0, step / 2) - difference($0, step)) / 3 }
}

/// The sum of `values` times `weights`: a scalar whose gradient by the values is `weights`.
public func weightedSum(_ weights: Tensor<Float>, _ values: [Double]) -> Double {
    precondition(
        weights.count == values.count, "weightedSum: \(weights.shape), \(values.count) values")
    return zip(weights.scalars, values).reduce(0) { $0 + Double($1.0) * $1.1 }
}

/// The sum of `values` times `weights`: a scalar whose gradient by the values is `weights`.
public func weightedSum(_ weights: Tensor<Float>, _ values: Tensor<Float>) -> Double {
    weightedSum(weights, values.scalars.map(Double.init))
}

/// The largest difference between a gradient and expected values, over the size of the largest of these
/// (or 1 where all are smaller).
public func gradientError(_ found: Tensor<Float>?, _ expected: [Double]) -> Double {
    guard let found else { return .infinity }
    let size = expected.reduce(1) { max($0, abs($1)) }
    return largestDifference(found, expected) / size
}
