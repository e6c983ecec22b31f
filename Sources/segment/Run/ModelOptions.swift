import ArgumentParser
import Checkpoints
import Foundation
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
        if let model { try Self.check(model: model) }
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
        guard let weights else { return try loadDemo() }
        let source = try openCheckpoint(at: weights)
        let recipe = try Self.recipe(for: source, at: weights, model: model, config: config)
        var loaded = LoadedModel(
            model: try recipe.model(from: source).model, name: recipe.preset,
            configuration: recipe.configuration)
        if recipe.isAmbiguous {
            loaded.remarks.append(
                "the tensors fit \(recipe.alternatives.joined(separator: " and ")) as well; this runs as "
                    + "\(recipe.preset), --model chooses another one")
        }
        return loaded
    }

    private func loadDemo() throws -> LoadedModel {
        let name = model ?? "avos-swinb"
        guard let preset = MEDVTConfiguration.preset(named: name) else {
            throw ModelFamilyError.unknownPreset(name: name)
        }
        let configuration = try Self.overridden(preset, by: config)
        let source = try DemoWeights.make(for: name) { scope in
            _ = try MEDVT(configuration, weights: scope)
        }
        let scope = WeightScope(source)
        let model = try MEDVT(configuration, weights: scope)
        try scope.finish()
        return LoadedModel(
            model: model, name: name, configuration: configuration,
            remarks: [
                "the weights are made up (--demo-weights): the masks are meaningless noise until trained "
                    + "weights are given with --weights"
            ])
    }
}

extension ModelOptions {
    /// Refuses a name that no model has.
    static func check(model: String) throws {
        guard !MEDVTConfiguration.presetNames.contains(model) else { return }
        throw ValidationError(
            "--model is '\(model)'; it takes one of "
                + MEDVTConfiguration.presetNames.joined(separator: ", "))
    }

    /// How to build the model of the checkpoint at `path`, with the values of `--model` and `--config`.
    ///
    /// Without `--config`, a `config.json` beside the checkpoint is read.
    static func recipe(
        for source: any WeightSource, at path: String, model: String?, config: String?
    ) throws -> ModelRecipe {
        let beside = URL(fileURLWithPath: path).deletingLastPathComponent()
            .appendingPathComponent("config.json").relativePath
        let content = config == nil ? try? Data(contentsOf: URL(fileURLWithPath: beside)) : nil
        var recipe = try ModelRecipe(
            for: source, preset: model, configurationFile: content.map { (beside, $0) })
        recipe.configuration = try overridden(recipe.configuration, by: config)
        return recipe
    }

    /// The configuration with the options of the file at `path`, which outweigh all others.
    private static func overridden(
        _ configuration: MEDVTConfiguration, by path: String?
    ) throws -> MEDVTConfiguration {
        guard let path else { return configuration }
        let content: Data
        do {
            content = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error.localizedDescription)")
        }
        return try configuration.overridden(by: content, from: path)
    }
}

/// A model that is ready to run.
struct LoadedModel: Sendable {
    let model: any SegmentationModel

    /// The name of the preset that it is.
    let name: String

    /// Its sizes and options.
    let configuration: MEDVTConfiguration

    /// What a person should know about it before it runs.
    var remarks: [String] = []
}

extension ModelRecipe {
    /// Whether other forward passes fit the checkpoint as well and nobody has chosen.
    var isAmbiguous: Bool { !isDecided && !alternatives.isEmpty }
}
