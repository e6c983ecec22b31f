import ArgumentParser
import Checkpoints
import Models

/// Which model runs, and with which weights.
struct ModelOptions: ParsableArguments {
    @Option(
        help: "The checkpoint: safetensors (one file or an index) or PyTorch (.pth).",
        completion: .file())
    var weights: String?

    @Option(
        help: """
            The model's family and forward pass, where the checkpoint cannot tell: \
            \(MEDVTConfiguration.presetNames.joined(separator: ", ")).
            """,
        completion: .list(MEDVTConfiguration.presetNames))
    var model: String?

    @Option(help: "A JSON file with the model's options.", completion: .file(extensions: ["json"]))
    var config: String?

    @Flag(help: "Run with made-up weights, to try the program: the masks mean nothing.")
    var demoWeights = false

    func validate() throws {
        guard weights != nil || demoWeights else {
            throw ValidationError(
                "no weights were given; --weights FILE names a checkpoint, --demo-weights tries the "
                    + "program without one")
        }
        guard weights == nil || !demoWeights else {
            throw ValidationError(
                "--weights and --demo-weights exclude each other; give one of them")
        }
    }

    /// The model, with all its weights.
    func load() throws -> LoadedModel {
        let configuration = try configuration()
        let name = model ?? "avos-swinb"
        guard let weights else {
            let demo = try DemoWeights.make(for: name) { scope in
                _ = try MEDVT(configuration, weights: scope)
            }
            var loaded = try load(configuration, name, demo)
            loaded.remarks.append(
                "the weights are made up (--demo-weights): the masks are meaningless noise until trained "
                    + "weights are given with --weights")
            return loaded
        }
        return try load(configuration, name, openCheckpoint(at: weights))
    }

    private func load(
        _ configuration: MEDVTConfiguration, _ name: String, _ source: any WeightSource
    ) throws -> LoadedModel {
        let scope = WeightScope(source)
        let model = try MEDVT(configuration, weights: scope)
        try scope.finish()
        return LoadedModel(model: model, name: name)
    }

    private func configuration() throws -> MEDVTConfiguration {
        let name = model ?? "avos-swinb"
        guard let preset = MEDVTConfiguration.preset(named: name) else {
            throw Failure(
                .usage,
                "--model is '\(name)'; it takes one of "
                    + MEDVTConfiguration.presetNames.joined(separator: ", "))
        }
        return preset
    }
}

/// A model that is ready to run.
struct LoadedModel: Sendable {
    let model: any SegmentationModel

    /// What it is called: a preset's name, or the family's where options differ from all presets.
    let name: String

    /// What a person should know about it before it runs.
    var remarks: [String] = []
}
