import Checkpoints
import Foundation
import Tensor

extension MEDVTConfiguration {
    /// The weights that training starts from, under the names of a checkpoint of this configuration.
    ///
    /// The backbone's are those of `backbone`, a classifier of ImageNet under its own names. Of the rest,
    /// linear layers are drawn by Xavier's rule and convolutions by Kaiming's, as in the official code;
    /// queries are normal, norms 1, biases and the offsets of the deformable convolution 0. Projections also
    /// undo the size of the backbone's levels, and frame differences add nothing. The last convolution starts
    /// small, with a bias that makes a fifth of all pixels foreground.
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
        let initialization = MEDVTInitialization(self, seed: seed)
        let prefix = backbone.prefix
        var weights: [String: Tensor<Float>] = [:]
        for (name, shape) in shapes {
            weights[name] =
                name.hasPrefix(prefix)
                ? try scope.tensor(String(name.dropFirst(prefix.count)), shape: shape)
                : initialization.values(of: name, shape: shape)
        }
        try scope.finish()
        return weights
    }

    /// What a checkpoint lacks that has no frame differences, under the names of one that has: a model with them gives
    /// what it gave without, until it learns. Nothing where this configuration has none.
    ///
    /// - Parameter seed: names the random numbers: the same seed gives the same weights.
    /// - Throws: ``ConfigurationError`` for a configuration that cannot be.
    public func initialFrameDifferences(seed: UInt64) throws -> [String: Tensor<Float>] {
        let initialization = MEDVTInitialization(self, seed: seed)
        let added = try MadeUpWeights.shapes(of: self).filter {
            $0.name.hasPrefix(MEDVTScopes.frameDifferencePrefix)
        }
        return Dictionary(
            uniqueKeysWithValues: added.map { ($0, initialization.values(of: $0, shape: $1)) })
    }
}

/// What each tensor of a fresh model begins with, but for the backbone's.
private struct MEDVTInitialization {
    /// How likely each pixel is foreground before anything is learnt.
    static let probability = 0.2

    /// How much smaller than by Kaiming's rule the last convolution starts.
    static let lastConvolutionScale = 0.1

    /// How large the differences of frames are beside the levels themselves.
    static let differenceMagnitude = 0.5

    private let seed: UInt64
    private let isBinary: Bool
    /// The beginnings of the names of what sees the levels, and how large these are.
    private let projections: [(String, magnitude: Double)]

    init(_ configuration: MEDVTConfiguration, seed: UInt64) {
        self.seed = seed
        isBinary = configuration.classes == 1
        let scopes = MEDVTScopes(WeightScope(TensorSource([:])), configuration)
        let magnitudes = configuration.backbone.levelMagnitudes
        projections =
            zip(scopes.projections, magnitudes).map { ($0.prefix, $1) }
            + magnitudes.enumerated().map {
                (scopes.frameDifferences["input", $0].prefix, $1 * Self.differenceMagnitude)
            }
    }

    func values(of name: String, shape: [Int]) -> Tensor<Float> {
        func constant(_ value: Double) -> Tensor<Float> {
            Tensor(repeating: Float(value), shape: shape)
        }
        let inputs = Double(max(1, shape.dropFirst().reduce(1, *)))
        let kaiming = (3 / inputs).squareRoot()
        let isDifference = name.hasPrefix(MEDVTScopes.frameDifferencePrefix)
        if isDifference && name.contains(".output.") || name.contains("conv_offset.") {
            return constant(0)
        }
        if isBinary, name == "insmask_head.9.bias" {
            return constant(Foundation.log(Self.probability / (1 - Self.probability)))
        }
        if name == "insmask_head.9.weight" {
            return uniform(name, shape, within: Self.lastConvolutionScale * kaiming)
        }
        switch shape.count {
        case 0, 1:
            let isFactor = ["weight", "gamma", "running_var"].contains { name.hasSuffix($0) }
            return constant(isFactor ? 1 : 0)
        case 2 where name.contains("_embed"):
            return normal(name, shape)
        case 2:
            return uniform(name, shape, within: (6 / (inputs + Double(shape[0]))).squareRoot())
        default:
            let projection = projections.first { name.hasPrefix($0.0) }
            return uniform(name, shape, within: kaiming / (projection?.magnitude ?? 1))
        }
    }

    private func uniform(_ name: String, _ shape: [Int], within bound: Double) -> Tensor<Float> {
        var random = NamedRandom(seed: seed, name: name)
        return Tensor(
            (0..<shape.reduce(1, *)).map { _ in Float(bound * (2 * random.unit() - 1)) },
            shape: shape)
    }

    private func normal(_ name: String, _ shape: [Int]) -> Tensor<Float> {
        var random = NamedRandom(seed: seed, name: name)
        return Tensor(
            (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }, shape: shape)
    }
}
