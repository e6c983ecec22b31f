import Checkpoints
import Models

/// Weights for any model, made by the rule of the reference cases: they run, but mean nothing.
///
/// The model itself says which tensors it needs: it is built once from a source whose shapes never fit,
/// and the load report lists what was expected.
enum DemoWeights {
    /// A model of this configuration with such weights.
    static func model(_ configuration: MEDVTConfiguration, name: String) throws -> MEDVT {
        let weights = try make(for: name) { scope in
            _ = try MEDVT(configuration, weights: scope)
        }
        let scope = WeightScope(weights)
        let model = try MEDVT(configuration, weights: scope)
        try scope.finish()
        return model
    }

    /// The weights for the model that `build` makes.
    private static func make(
        for name: String, build: (WeightScope) throws -> Void
    ) throws -> SyntheticWeights {
        let scope = WeightScope(ShapelessSource())
        try build(scope)
        let report = try scope.finish(strict: false)
        return try SyntheticWeights(
            report.wrongShapes.map { specification($0.name, $0.expected) },
            origin: "demo weights of \(name)")
    }

    /// The middle and the largest deviation of a tensor's values: weights whose products keep the size of
    /// their inputs, norms near 1, biases near 0, and a few tensors that need more to matter.
    static func specification(_ name: String, _ shape: [Int]) -> SyntheticWeights.Specification {
        let component = name.split(separator: ".").last ?? ""
        let inputs = max(1, shape.dropFirst().reduce(1, *))
        let (base, scale): (Float, Float) =
            switch component {
            case "running_var": (1, 0.5)
            case "running_mean": (0, 0.1)
            case _ where name.hasSuffix("conv_offset.bias"): (0, 2)
            case "weight" where shape.count == 1, "gamma": (1, 0.1)
            case _ where shape.count == 1: (0, 0.05)
            case _ where name.hasSuffix("query_embed.weight"): (0, 1)
            case _ where name.hasSuffix("q_linear.weight"): (0, 0.2)
            case _ where name.hasSuffix("k_linear.weight"): (0, 0.2)
            case _ where name.hasSuffix("insmask_head.9.weight"): (0, 0.5)
            case _ where name.hasSuffix("label_decoder.3.weight"): (0, 1.2)
            default: (0, Float((3 / Double(inputs)).squareRoot()))
            }
        return SyntheticWeights.Specification(name: name, shape: shape, base: base, scale: scale)
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
