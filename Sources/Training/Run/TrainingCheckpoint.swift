import Checkpoints
import Foundation
import Tensor

/// The whole state of a run as a file: what continues from it gives the same bits as a run that was never
/// interrupted.
///
/// For each parameter its value, both moments and its average, as `value/NAME` and so on; tensors that do not
/// move as `frozen/NAME`. The recipe and the step stand in the metadata.
enum TrainingCheckpoint {
    private static let stateKey = "martlet.training"

    private struct State: Codable {
        let step: Int
        let optimizerSteps: Int
        let recipe: TrainingRecipe
    }

    private static let parts:
        [(name: String, path: WritableKeyPath<AdamW.Parameter, Tensor<Float>> & Sendable)] = [
            ("value", \.value), ("first_moment", \.firstMoment), ("second_moment", \.secondMoment),
            ("average", \.average),
        ]

    /// Writes the state at once, replacing the file that is there.
    static func write(_ trainer: Trainer, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let state = State(
            step: trainer.step, optimizerSteps: trainer.optimizer.steps, recipe: trainer.recipe)
        var writer = SafetensorsWriter(metadata: [
            stateKey: String(decoding: try encoder.encode(state), as: UTF8.self)
        ])
        for (name, parameter) in trainer.optimizer.parameters {
            for part in parts { writer.add("\(part.name)/\(name)", parameter[keyPath: part.path]) }
        }
        for (name, tensor) in trainer.frozen { writer.add("frozen/\(name)", tensor) }
        try writer.write(to: path)
    }

    /// The run that was saved at `path`, to go on as `recipe` says.
    ///
    /// - Throws: ``TrainingError/otherRun(folder:difference:)`` where the run was begun with a recipe that
    ///   would have given other parameters; ``TrainingError/unusableCheckpoint(path:problem:)``.
    static func restore(
        from path: String, _ recipe: TrainingRecipe, _ model: TrainableModel
    ) throws -> Trainer {
        let source = try openCheckpoint(at: path)
        guard let text = source.metadata[stateKey] else {
            throw TrainingError.unusableCheckpoint(
                path: path, problem: "it is not the state of a run")
        }
        let state: State
        do {
            state = try JSONDecoder().decode(State.self, from: Data(text.utf8))
        } catch {
            throw TrainingError.unusableCheckpoint(
                path: path, problem: "its description cannot be read")
        }
        if let difference = state.recipe.difference(from: recipe) {
            throw TrainingError.otherRun(folder: path, difference: difference)
        }
        var weights: [String: Tensor<Float>] = [:]
        for prefix in ["value/", "frozen/"] {
            for entry in source.entries where entry.name.hasPrefix(prefix) {
                weights[String(entry.name.dropFirst(prefix.count))] = try source.floats(
                    entry.name)
            }
        }
        var trainer = Trainer(recipe, model, weights: weights)
        for name in trainer.optimizer.parameters.keys {
            for part in parts {
                trainer.optimizer.parameters[name]?[keyPath: part.path] =
                    try source.floats("\(part.name)/\(name)")
            }
        }
        trainer.step = state.step
        trainer.optimizer.steps = state.optimizerSteps
        return trainer
    }
}
