import Foundation

/// Random numbers that depend on a seed and a name alone, not on what was drawn before (splitmix64).
struct NamedRandom {
    private var state: UInt64

    /// The stream of `name`: its FNV-1a hash, begun with the seed.
    init(seed: UInt64, name: String) {
        state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
    }

    /// A number in [0, 1).
    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }

    /// A number of mean 0 and deviation 1 (Box and Muller).
    mutating func normal() -> Double {
        let length = (-2 * Foundation.log(1 - unit())).squareRoot()
        return length * cos(2 * .pi * unit())
    }
}
