import Tensor

/// SplitMix64: the same numbers for the same seed, everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The sequence that belongs to `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Tensor<Float> {
    /// Uniform random numbers of `range`.
    public static func random(
        _ shape: [Int], in range: ClosedRange<Float> = -1...1, using generator: inout SplitMix64
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
        var generator = SplitMix64(seed: seed)
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
