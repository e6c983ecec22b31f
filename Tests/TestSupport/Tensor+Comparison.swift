import Tensor

extension Tensor<Float> {
    /// The largest absolute difference between two tensors of one shape; infinite where the shapes
    /// differ or only one of two values is not a number.
    public func largestDifference(from other: Tensor<Float>) -> Float {
        Float(TestSupport.largestDifference(self, other))
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
