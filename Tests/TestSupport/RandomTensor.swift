import Tensor

extension Tensor<Float> {
    /// Uniform random numbers of `range`.
    public static func random(
        _ shape: [Int], in range: ClosedRange<Float> = -1...1, using generator: inout SeededRandom
    ) -> Tensor {
        Tensor(shape: shape) { buffer in
            for i in buffer.indices {
                buffer.initializeElement(
                    at: i, to: Float.random(in: range, using: &generator))
            }
        }
    }

    /// Uniform random numbers of `range`.
    public static func random(
        _ shape: [Int], in range: ClosedRange<Float> = -1...1, seed: UInt64
    ) -> Tensor {
        var generator = SeededRandom(seed)
        return random(shape, in: range, using: &generator)
    }
}

/// The largest absolute difference between two tensors of one shape.
///
/// Infinite where shapes differ or exactly one of two values is not a number.
public func largestDifference(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
    guard a.shape == b.shape else { return .infinity }
    return largestDifference(a, b.scalars.map(Double.init))
}

/// The largest absolute difference between a tensor and values in double precision.
public func largestDifference(_ a: Tensor<Float>, _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a.scalars, b).reduce(0) { largest, pair in
        if pair.0.isNaN && pair.1.isNaN || Double(pair.0) == pair.1 { return largest }
        let difference = abs(Double(pair.0) - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}
