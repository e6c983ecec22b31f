import ArgumentParser
import Checkpoints
import Models

/// `segment convert`: a checkpoint as safetensors.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a PyTorch checkpoint to safetensors.",
        discussion: """
            Tensors keep their names, shapes and types; nothing that the file contains is run. The model \
            and its options are written to the metadata, so that 'segment run' needs no --model.

            Examples:
              segment convert medvt.pth -o medvt.safetensors
              segment convert medvt.pth -o medvt.safetensors --model avos-swinb-2023
            """)

    @Argument(
        help: "The checkpoint: a PyTorch file or safetensors, also a sharded one.",
        completion: .file())
    var input: String

    @Option(
        name: [.short, .customLong("output")], help: "The safetensors file to write.",
        completion: .file(extensions: ["safetensors"]))
    var output: String

    @OptionGroup
    var recipeOptions: RecipeOptions

    @Flag(help: "Replace a file that exists.")
    var force = false

    func run() throws {
        Interruption.listen()
        try FileCheck.refuseOverwriting(output, inputs: [input], force: force)
        let source = try openCheckpoint(at: input)
        let recipe = try recipe(for: source)
        // What is known of the model outweighs what the file said before.
        let metadata = try source.metadata.merging(recipe.map(Self.metadata) ?? [:]) { $1 }
        var writer = SafetensorsWriter(metadata: metadata)
        for entry in source.entries { try writer.add(entry.name, of: source) }
        try writer.write(to: output)
        Console.note(
            "wrote \(output): \(source.entries.count) tensors, model "
                + (recipe?.preset ?? "not recognised"))
        if let recipe, recipe.isAmbiguous {
            Console.note(
                "the tensors fit \(recipe.alternatives.joined(separator: " and ")) as well, so the file does "
                    + "not say which it is; --model writes it down")
        }
    }

    /// What the file will say about its model: no more than is known.
    private static func metadata(of recipe: ModelRecipe) throws -> [String: String] {
        try recipe.isAmbiguous ? ["martlet.model": recipe.family] : recipe.metadata
    }

    /// How to build the model; `nil` where it is not recognised and nothing about it was said.
    private func recipe(for source: any WeightSource) throws -> ModelRecipe? {
        if recipeOptions.isEmpty, ModelFamilies.recognized(in: source) == nil { return nil }
        return try recipeOptions.recipe(for: source, at: input)
    }
}
