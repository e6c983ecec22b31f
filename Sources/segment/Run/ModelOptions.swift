import ArgumentParser
import Checkpoints
import Models

/// Which model runs, and with which weights.
struct ModelOptions: ParsableArguments {
    @Option(
        help: "The checkpoint: safetensors (one file or an index) or PyTorch (.pth).",
        completion: .file())
    var weights: String?

    @OptionGroup
    var recipeOptions: RecipeOptions

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
        guard let weights else { return try loadDemo() }
        let source = try openCheckpoint(at: weights)
        let recipe = try recipeOptions.recipe(for: source, at: weights)
        var loaded = LoadedModel(
            model: try recipe.model(from: source).model, name: recipe.preset)
        if recipe.isAmbiguous {
            loaded.remarks.append(
                "the tensors fit \(recipe.alternatives.joined(separator: " and ")) as well; this runs as "
                    + "\(recipe.preset), --model chooses another one")
        }
        return loaded
    }

    private func loadDemo() throws -> LoadedModel {
        let name = recipeOptions.model ?? "avos-swinb"
        guard let preset = ModelFamilies.preset(named: name) else {
            throw ModelFamilyError.unknownPreset(name: name)
        }
        let configuration = try recipeOptions.overriding(preset)
        return LoadedModel(
            model: try MadeUpWeights.model(configuration, name: name), name: name,
            remarks: [
                "the weights are made up (--demo-weights): the masks are meaningless noise until trained "
                    + "weights are given with --weights"
            ])
    }
}

/// A model that is ready to run.
struct LoadedModel: Sendable {
    let model: any SegmentationModel

    /// The name of the preset that it is.
    let name: String

    /// What a person should know about it before it runs.
    var remarks: [String] = []
}
