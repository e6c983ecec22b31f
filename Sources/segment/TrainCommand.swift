import ArgumentParser
import Checkpoints
import Foundation
import Media
import Models
import Tensor
import Training

/// `segment train`: a model learns from clips and pictures with masks.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on clips and pictures with masks.",
        discussion: """
            RECIPE is a JSON file; every key is optional, and 'segment train --explain' prints them all with \
            their usual values. The output folder holds state.safetensors (to continue), model.safetensors \
            (to use), log.jsonl and curves.html. The same command again continues where the last saved state \
            is, with the same bits as a run that was never interrupted.

            Examples:
              segment train recipe.json --data train --backbone efficientnet-lite0.safetensors -o run
              segment train fine.json --data my-frames --from Weights/medvt-lite.safetensors -o mine
              segment train recipe.json --data train --preview clips.png
            """)

    @Argument(help: "The recipe, a JSON file (default: the usual values).", completion: .file())
    var recipe: String?

    @Option(
        help: "The folder of the training data, to which the recipe's paths are relative.",
        completion: .directory)
    var data: String?

    @Option(
        name: [.short, .customLong("output")], help: "The run's folder.", completion: .directory)
    var output: String?

    @Option(
        help: "Begin with the tensors of this checkpoint of the same model.", completion: .file())
    var from: String?

    @Option(
        help: "Begin with this checkpoint of the backbone, the rest being random.",
        completion: .file())
    var backbone: String?

    @Option(
        name: .customLong("validate"),
        help: "Score the model on this folder too, in DAVIS's layout.", completion: .directory)
    var validation: String?

    @Option(
        help: "Only draw the first clips, with their masks, to this PNG file.",
        completion: .file(extensions: ["png"]))
    var preview: String?

    @Option(help: "Only time this many steps; nothing is written.")
    var benchmark: Int?

    @Flag(help: "Only print the recipe with all its values.")
    var explain = false

    @Flag(help: "Print nothing but errors.")
    var quiet = false

    @OptionGroup
    var threadOptions: ThreadOptions

    func validate() throws {
        guard !explain else { return }
        guard data != nil else { throw ValidationError("--data is missing") }
        guard preview == nil else { return }
        guard output != nil || benchmark != nil else {
            throw ValidationError("--output is missing")
        }
        guard from == nil || backbone == nil else {
            throw ValidationError("--from and --backbone exclude each other; give one of them")
        }
        guard benchmark.map((1...10_000).contains) ?? true else {
            throw ValidationError(
                "--benchmark is \(benchmark ?? 0); it takes a number from 1 to 10000")
        }
    }

    func run() async throws {
        Interruption.listen()
        threadOptions.apply()
        Engine.keepMemory(beyondPeak: 512 << 20)
        let recipe = try readRecipe()
        guard !explain, let data else {
            Console.result(try recipe.json)
            return
        }
        let clips = try TrainingData(root: FilePath.trimmed(data), recipe: recipe)
        if let preview {
            try ImageFile.write(rgb: try ClipSheet.draw(clips), to: preview)
        } else if let benchmark {
            let initial = try initialWeights(recipe)
            let seconds = try await ComputeThread.run {
                Result {
                    var timed = try TrainingBenchmark(recipe, data: clips, weights: initial)
                    return try timed.run(steps: benchmark)
                }
            }.get()
            Console.result(TrainingText.benchmark(seconds))
        } else if let output {
            try await train(recipe, clips, in: FilePath.trimmed(output))
        }
    }

    private func train(
        _ recipe: TrainingRecipe, _ clips: TrainingData, in folder: String
    ) async throws {
        let (command, quiet) = (self, quiet)
        try await ComputeThread.run {
            Result {
                let run = try TrainingRun(
                    recipe, data: clips, validation: command.validation.map(FilePath.trimmed),
                    initial: { try command.initialWeights(recipe) }, folder: folder)
                if run.step > 0, !quiet {
                    Console.note("continuing after step \(run.step) of \(run.steps)")
                }
                let text = TrainingText(firstStep: run.step, quiet: quiet)
                while let progress = try run.advance() { text.note(progress) }
            }
        }.get()
        if !quiet { Console.note("wrote \(folder)/model.safetensors") }
    }

    private func readRecipe() throws -> TrainingRecipe {
        guard let recipe else { return TrainingRecipe() }
        return try JSONDecoder().decode(
            TrainingRecipe.self, from: SmallFile.content(of: recipe, purpose: "a recipe"))
    }

    /// The tensors that a new run begins with.
    private func initialWeights(_ recipe: TrainingRecipe) throws -> [String: Tensor<Float>] {
        if let from {
            return try InitialWeights.of(checkpoint: openCheckpoint(at: from), for: recipe)
        }
        guard let backbone else {
            throw Failure(
                .usage,
                "a new run begins with --from, a checkpoint of the model, or --backbone, one of its backbone"
            )
        }
        return try InitialWeights.random(for: recipe, backbone: openCheckpoint(at: backbone))
    }
}
