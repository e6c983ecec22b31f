import Checkpoints
import Foundation
import Tensor

extension MEDVTConfiguration {
    /// How likely each pixel is foreground before anything is learnt.
    static let initialProbability = 0.2

    /// The weights that training starts from, under the names of a checkpoint of this configuration.
    ///
    /// The backbone's are those of `backbone`, a classifier of ImageNet under its own names. Of the rest,
    /// linear layers are drawn by Xavier's rule and convolutions by Kaiming's, as in the official code;
    /// queries are normal, norms 1, biases and the offsets of the deformable convolution 0. The last
    /// convolution starts small, with a bias that makes a fifth of all pixels foreground.
    ///
    /// - Parameter seed: names the random numbers: the same seed gives the same weights.
    /// - Throws: ``ConfigurationError`` for a configuration that cannot be, `CheckpointError` where
    ///   `backbone` lacks a tensor or holds one of another shape.
    public func initialWeights(
        seed: UInt64, backbone source: any WeightSource
    ) throws -> [String: Tensor<Float>] {
        let shapes = try MadeUpWeights.shapes(of: self)
        let scope = WeightScope(source)
        // A classifier has more tensors than the backbone asks for.
        scope.ignoreAll()
        let prefix = backbone.prefix
        var weights: [String: Tensor<Float>] = [:]
        for (name, shape) in shapes {
            weights[name] =
                name.hasPrefix(prefix)
                ? try scope.tensor(String(name.dropFirst(prefix.count)), shape: shape)
                : initialValues(name, shape: shape, seed: seed)
        }
        try scope.finish()
        return weights
    }

    private func initialValues(_ name: String, shape: [Int], seed: UInt64) -> Tensor<Float> {
        let inputs = Double(max(1, shape.dropFirst().reduce(1, *)))
        var random = NamedRandom(seed: seed, name: name)
        func uniform(within bound: Double) -> Tensor<Float> {
            Tensor(
                (0..<shape.reduce(1, *)).map { _ in Float(bound * (2 * random.unit() - 1)) },
                shape: shape)
        }
        let isNorm = shape.count == 1 && (name.hasSuffix(".weight") || name.hasSuffix("gamma"))
        switch shape.count {
        case _ where name.contains("conv_offset."): return Tensor(zeros: shape)
        case _ where name == "insmask_head.9.bias" && classes == 1:
            let odds = Self.initialProbability / (1 - Self.initialProbability)
            return Tensor(repeating: Float(Foundation.log(odds)), shape: shape)
        case _ where name == "insmask_head.9.weight":
            return uniform(within: 0.1 * (3 / inputs).squareRoot())
        case 0, 1:
            return Tensor(repeating: isNorm || name.hasSuffix("running_var") ? 1 : 0, shape: shape)
        case 2 where name.contains("_embed"):
            return Tensor(
                (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }, shape: shape)
        case 2: return uniform(within: (6 / (inputs + Double(shape[0]))).squareRoot())
        default: return uniform(within: (3 / inputs).squareRoot())
        }
    }
}

/// Random numbers that depend on a seed and a tensor's name alone, not on the order of tensors (splitmix64).
private struct NamedRandom {
    private var state: UInt64

    init(seed: UInt64, name: String) {
        // FNV-1a, begun with the seed.
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
