import Tensor

/// Random numbers that are the same in every run (splitmix64).
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A stream of numbers that `seed` names.
    public init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A tensor of values spread evenly over `range`.
    public mutating func tensor(_ shape: [Int], in range: ClosedRange<Float> = -1...1)
        -> Tensor<Float>
    {
        .random(shape, in: range, using: &self)
    }
}
