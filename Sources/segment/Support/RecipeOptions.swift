import ArgumentParser
import Checkpoints
import FileAccess
import Foundation
import Models

/// What a person says about a checkpoint's model, where the checkpoint cannot tell.
struct RecipeOptions: ParsableArguments {
    @Option(
        help: """
            The model's family and forward pass, where the checkpoint cannot tell: \
            \(ModelFamilies.presetNames.joined(separator: ", ")).
            """,
        completion: .list(ModelFamilies.presetNames))
    var model: String?

    @Option(help: "A JSON file with the model's options.", completion: .file(extensions: ["json"]))
    var config: String?

    /// What the files hold, for messages.
    private static let purpose = "a model's options"

    func validate() throws {
        guard let model, !ModelFamilies.presetNames.contains(model) else { return }
        throw ValidationError(
            "--model is '\(model)'; it takes one of "
                + ModelFamilies.presetNames.joined(separator: ", "))
    }

    /// Whether nothing was said.
    var isEmpty: Bool { model == nil && config == nil }

    /// How to build the model of the checkpoint at `path`.
    ///
    /// Without `--config`, a `config.json` beside the checkpoint, or in its folder, is read.
    func recipe(for source: any WeightSource, at path: String) throws -> ModelRecipe {
        let folder = FileEntry(at: path) == .folder ? path : FilePath.parent(of: path)
        let beside = folder + "/config.json"
        let content =
            config == nil && FileEntry(at: beside) == .file
            ? try SmallFile.content(of: beside, purpose: Self.purpose) : nil
        var recipe = try ModelRecipe(
            for: source, preset: model, configurationFile: content.map { (beside, $0) })
        recipe.configuration = try overriding(recipe.configuration)
        return recipe
    }

    /// The configuration with the options of `--config`, which outweigh all others.
    func overriding(
        _ configuration: any ModelConfiguration
    ) throws -> any ModelConfiguration {
        guard let config else { return configuration }
        return try configuration.overridden(
            by: SmallFile.content(of: config, purpose: Self.purpose), from: config)
    }
}

extension ModelRecipe {
    /// Whether other forward passes fit the checkpoint as well and nobody has chosen.
    var isAmbiguous: Bool { !isDecided && !alternatives.isEmpty }
}
