#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Random numbers that are a function of a seed (SplitMix64; Steele, Lea and Flood, 2014).
struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A stream of its own for each place.
    init(seed: UInt64, step: Int, index: Int) {
        var mixer = RandomStream(seed: seed)
        mixer.state ^= mixer.next() &+ UInt64(bitPattern: Int64(step))
        mixer.state ^= mixer.next() &+ UInt64(bitPattern: Int64(index))
        state = mixer.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number of the range, all equally likely.
    mutating func number(_ range: ClosedRange<Float>) -> Float {
        Float.random(in: range, using: &self)
    }

    /// One of `0..<count`, all equally likely.
    mutating func index(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

    /// True with the given probability.
    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }

    /// A number of the range, as many between 1 and 2 as between 2 and 4.
    mutating func scale(_ range: ClosedRange<Float>) -> Float {
        exp(number(log(range.lowerBound)...log(range.upperBound)))
    }

    /// A point whose coordinates both lie in the range.
    mutating func point(_ range: ClosedRange<Float>) -> SIMD2<Float> {
        SIMD2(number(range), number(range))
    }

    /// A vector of length 1.
    mutating func direction() -> SIMD2<Float> {
        let angle = number(0...(2 * .pi))
        return SIMD2(cos(angle), sin(angle))
    }

    /// An index of `shares`, each as often as its share of their sum.
    mutating func index(of shares: [Double]) -> Int {
        var rest = Double.random(in: 0..<shares.reduce(0, +), using: &self)
        for (index, share) in shares.enumerated() {
            rest -= share
            if rest < 0 { return index }
        }
        return shares.count - 1
    }
}
