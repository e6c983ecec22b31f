import Checkpoints

/// Weights for any model, made by the rule of the reference cases: they run, but mean nothing.
///
/// The model itself says which tensors it needs: it is built once from a source whose shapes never fit, and
/// the load report lists what was expected.
public enum MadeUpWeights {
    /// Where the values of a tensor lie: within `scale` of `base`.
    public struct Values: Sendable, Hashable {
        /// The middle.
        public var base: Float
        /// The largest deviation.
        public var scale: Float

        /// Values within `scale` of `base`.
        public init(base: Float, scale: Float) {
            self.base = base
            self.scale = scale
        }
    }

    /// A model of this configuration with such weights; `name` is for messages.
    public static func model(
        _ configuration: some ModelConfiguration, name: String
    ) throws -> any SegmentationModel {
        try model(configuration, from: source(for: configuration, name: name))
    }

    /// A model of this configuration with the weights of its `source(for:name:)`.
    public static func model(
        _ configuration: some ModelConfiguration, from source: SyntheticWeights
    ) throws -> any SegmentationModel {
        let scope = WeightScope(source)
        let model = try configuration.model(scope)
        try scope.finish()
        return model
    }

    /// Such weights for a model of this configuration; `name` is for messages.
    public static func source<Configuration: ModelConfiguration>(
        for configuration: Configuration, name: String
    ) throws -> SyntheticWeights {
        try SyntheticWeights(
            shapes(of: configuration).map { name, shape in
                let values =
                    Configuration.madeUpValues(name, shape: shape)
                    ?? usualValues(name, shape: shape)
                return SyntheticWeights.Specification(
                    name: name, shape: shape, base: values.base, scale: values.scale)
            }, origin: "demo weights of \(name)")
    }

    /// The names and shapes of all tensors that a model of this configuration asks for.
    static func shapes<Configuration: ModelConfiguration>(
        of configuration: Configuration
    ) throws -> [(name: String, shape: [Int])] {
        try shapes { _ = try configuration.model($0) }
    }

    /// The names and shapes of all tensors that `make` asks for.
    package static func shapes(
        askedForBy make: (WeightScope) throws -> Void
    ) throws -> [(name: String, shape: [Int])] {
        let scope = WeightScope(ShapelessSource())
        try make(scope)
        return try scope.finish(strict: false).wrongShapes.map { ($0.name, $0.expected) }
    }

    /// Products keep the size of their inputs, norms are near 1, biases near 0.
    public static func usualValues(_ name: String, shape: [Int]) -> Values {
        let inputs = max(1, shape.dropFirst().reduce(1, *))
        return switch name.split(separator: ".").last ?? "" {
        case "running_var": Values(base: 1, scale: 0.5)
        case "running_mean": Values(base: 0, scale: 0.1)
        case "weight" where shape.count == 1, "gamma": Values(base: 1, scale: 0.1)
        case _ where shape.count == 1: Values(base: 0, scale: 0.05)
        default: Values(base: 0, scale: Float((3 / Double(inputs)).squareRoot()))
        }
    }

    /// A source that has every tensor in a shape that no model wants.
    private struct ShapelessSource: WeightSource {
        let origin = "demo weights"
        let entries: [CheckpointEntry] = []
        let metadata: [String: String] = [:]

        func entry(named name: String) -> CheckpointEntry? {
            CheckpointEntry(name: name, shape: [-1], elementType: .float32, byteCount: 0)
        }

        func read(_ name: String, into destination: UnsafeMutableRawBufferPointer) throws {
            throw CheckpointError.missing(name: name, origin: origin)
        }
    }
}
