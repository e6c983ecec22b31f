/// A folder with inputs and stage outputs of another implementation, to compare with.
///
/// `case.json` holds the configuration and the list of weights, `tensors.safetensors` the tensors.
public struct ReferenceCase: Sendable {
    /// The folder.
    public let path: String
    /// The `config` object of `case.json`.
    public let config: JSONValue
    /// The weights, made by their rule; empty where the case lists none.
    public let weights: SyntheticWeights
    /// Inputs, stage outputs and outputs, in the layout of the other implementation.
    public let tensors: SafetensorsFile

    /// Opens a case folder.
    public init(path: String) throws {
        self.path = path
        let manifest = "\(path)/case.json"
        let document = try JSONValue(contentsOf: manifest)
        guard let config = document["config"], config.object != nil else {
            throw CheckpointError.malformed(path: manifest, problem: "it has no object 'config'")
        }
        self.config = config
        let aliases = (config["aliases"]?.object ?? [:]).compactMapValues(\.string)
        weights = try SyntheticWeights(
            try Self.specifications(document["weights"], manifest),
            prefix: config["prefix"]?.string ?? "", aliases: aliases, origin: manifest)
        tensors = try SafetensorsFile(path: "\(path)/tensors.safetensors")
    }

    private static func specifications(
        _ list: JSONValue?, _ manifest: String
    ) throws -> [SyntheticWeights.Specification] {
        try (list?.array ?? []).enumerated().map { index, item in
            guard let name = item["name"]?.string, let shape = item["shape"]?.ints,
                let base = item["base"]?.double, let scale = item["scale"]?.double
            else {
                throw CheckpointError.malformed(
                    path: manifest,
                    problem: "weights[\(index)] needs name, shape, base and scale")
            }
            return SyntheticWeights.Specification(
                name: name, shape: shape, base: Float(base), scale: Float(scale))
        }
    }
}
