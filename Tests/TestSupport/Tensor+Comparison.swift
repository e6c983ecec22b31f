import Tensor

extension Tensor<Float> {
    /// The largest absolute difference between two tensors of one shape; infinite where the shapes
    /// differ or a value is not a number.
    public func largestDifference(from other: Tensor<Float>) -> Float {
        guard shape == other.shape else { return .infinity }
        return zip(scalars, other.scalars).reduce(0) { largest, pair in
            let difference = Swift.abs(pair.0 - pair.1)
            return difference.isNaN ? .infinity : Swift.max(largest, difference)
        }
    }
}

/// How far a sum of `terms` products of values in [-1, 1), rounded to float at each step, may lie from
/// the exact one.
///
/// Partial sums are about sqrt(terms) / 3, each rounding is at most 2^-24 of that, and the roundings add
/// up like a random walk: 2^-24 * terms / 3. Six times that, and a few roundings for what follows.
public func toleranceOfSum(terms: Int) -> Float {
    0x1p-24 * (2 * Float(terms) + 16)
}
