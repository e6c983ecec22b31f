import Checkpoints
import FileAccess
import Foundation
import Models
import Tensor

/// A run of training in a folder: begun or continued, step by step, with its state, its log and its curves.
///
/// The folder holds `state.safetensors` (to continue), `model.safetensors` (to use), `log.jsonl`,
/// `curves.html` and `recipe.json`. Each file is replaced at once: what is there is whole.
public final class TrainingRun {
    /// What a step gave.
    public struct Progress: Sendable {
        /// How many steps have been taken, this one included.
        public let step: Int
        /// How many there will be.
        public let steps: Int
        /// The mean loss of its clips.
        public let loss: Double
        /// The mean region similarity of its clips.
        public let overlap: Double
        /// Seconds that it took.
        public let seconds: Double
        /// Whether no parameter moved because the loss or its gradient was no finite number.
        public let isLeftOut: Bool
        /// The mean region similarity on the validation data, where it was measured after this step.
        public let validation: Double?
    }

    /// How many steps one after the other may give no number before the run ends.
    private static let mostSkips = 20

    private let folder: String
    private let validation: Validation?
    private var trainer: Trainer
    private let log: TrainingLog
    private let loader: ClipLoader
    private var skips = 0

    /// Begins a run in `folder`, or continues the one that is there.
    ///
    /// - Parameters:
    ///   - recipe: how the model is trained.
    ///   - data: where its clips come from.
    ///   - validation: frames with masks that the model is scored on, in DAVIS's layout.
    ///   - initial: the tensors of the model that a new run begins with.
    ///   - folder: is made where it does not exist.
    /// - Throws: ``TrainingError`` where the folder holds a run of another recipe, `CheckpointError`.
    public init(
        _ recipe: TrainingRecipe, data: TrainingData, validation: String? = nil,
        initial: () throws -> [String: Tensor<Float>], folder: String
    ) throws {
        let model = try TrainableModel(recipe.configuration)
        self.folder = folder
        self.validation = try validation.map(Validation.init(folder:))
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw TrainingError.unwritable(path: folder, reason: error.localizedDescription)
        }
        let state = "\(folder)/\(Self.stateName)"
        trainer =
            FileEntry(at: state) == .file
            ? try TrainingCheckpoint.restore(from: state, recipe, model)
            : Trainer(recipe, model, weights: try initial())
        log = try TrainingLog(path: "\(folder)/log.jsonl", upTo: trainer.step)
        loader = ClipLoader(data, clipsPerStep: recipe.clipsPerStep, firstStep: trainer.step)
        try writeRecipe()
    }

    private static let stateName = "state.safetensors"

    /// How many steps have been taken.
    public var step: Int { trainer.step }

    /// How many there will be.
    public var steps: Int { trainer.recipe.steps }

    /// Takes one step; `nil` where all have been taken.
    ///
    /// The state is saved where its turn has come, and after the last step.
    public func advance() throws -> Progress? {
        guard trainer.step < trainer.recipe.steps else { return nil }
        let start = ContinuousClock.now
        let clips = try loader.next()
        let report = try trainer.step(on: clips)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let isLeftOut = report.gradientNorm == nil
        skips = isLeftOut ? skips + 1 : 0
        guard skips < Self.mostSkips else {
            throw TrainingError.diverged(
                step: trainer.step - skips,
                checkpoint: FileEntry(at: "\(folder)/\(Self.stateName)") == .file
                    ? "\(folder)/\(Self.stateName)" : nil)
        }
        let isLast = trainer.step == trainer.recipe.steps
        var score: Double?
        if let validation, isLast || isDue(trainer.recipe.validationInterval) {
            score = try validation.score(trainer)
        }
        try log.append(
            .init(
                step: trainer.step, loss: report.loss, overlap: report.overlap,
                learningRate: report.learningRate, gradientNorm: report.gradientNorm,
                seconds: seconds, validation: score))
        if isLast || isDue(trainer.recipe.checkpointInterval) { try save() }
        return Progress(
            step: trainer.step, steps: trainer.recipe.steps, loss: report.loss,
            overlap: report.overlap, seconds: seconds, isLeftOut: isLeftOut, validation: score)
    }

    private func isDue(_ interval: Int) -> Bool { interval > 0 && trainer.step % interval == 0 }

    /// Saves the state, the model and the curves.
    public func save() throws {
        try TrainingCheckpoint.write(trainer, to: "\(folder)/\(Self.stateName)")
        try TrainedModel(trainer.weights, preset: trainer.recipe.model)
            .write(to: "\(folder)/model.safetensors")
        try CurvesPage(title: folder, lines: log.lines).write(to: "\(folder)/curves.html")
    }

    private func writeRecipe() throws {
        let path = "\(folder)/recipe.json"
        try AtomicFile.write(trainer.recipe.json + "\n", to: path) {
            TrainingError.unwritable(path: path, reason: $0)
        }
    }
}
