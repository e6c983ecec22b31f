import Checkpoints
import Media
import Models
import Tensor

/// A few windows of videos with masks that a model is scored on while it learns.
///
/// One window in four: enough to see where the score goes, in a quarter of the time.
struct Validation: Sendable {
    private let videos: [[PictureFiles]]

    /// Every how many windows one is looked at.
    private static let interval = 4

    /// The videos of a folder in DAVIS's layout.
    init(folder: String) throws {
        videos = try TrainingSource(path: folder).videos
    }

    /// The mean over the videos of the mean J of their frames, at the masks' size.
    func score(_ trainer: Trainer) throws -> Double {
        let model = try trainer.model.configuration.model(
            WeightScope(TensorSource(trainer.weights)))
        guard let model = model as? any DenseSegmentationModel else { return .nan }
        let scores = try videos.compactMap { files -> Double? in
            let overlaps = try overlaps(model, files)
            return overlaps.isEmpty ? nil : overlaps.reduce(0, +) / Double(overlaps.count)
        }
        return scores.reduce(0, +) / Double(max(1, scores.count))
    }

    private func overlaps(
        _ model: some DenseSegmentationModel, _ files: [PictureFiles]
    ) throws -> [Double] {
        let plan = WindowPlan(
            frameCount: files.count,
            layout: .sideBySide(length: model.windowLength, stride: model.frameStride))
        return try stride(from: 0, to: plan.count, by: Self.interval).flatMap { index in
            try overlaps(model, files, plan[index])
        }
    }

    private func overlaps(
        _ model: some DenseSegmentationModel, _ files: [PictureFiles], _ window: Window
    ) throws -> [Double] {
        let images = try window.frames.map { try ImageFile.read(files[$0].image) }
        let masks = try window.kept.map { try ImageFile.readMask(files[$0.frame].mask) }
        let (height, width) = (masks[0].shape[0], masks[0].shape[1])
        let clip = Clip(frames: stacked(images.map(model.preprocessing.callAsFunction)))
        let predictions = model.predictions(
            for: clip, height: height, width: width, positions: window.kept.map(\.position))
        return zip(predictions, masks).compactMap { prediction, mask in
            guard case .foreground(let probabilities) = prediction else { return nil }
            let truth: [Float] = mask.withUnsafeBuffer { $0.map { $0 == 0 ? 0 : 1 } }
            let score = ClipScore(
                logits: (probabilities - 0.5).reshaped(1, height, width, 1),
                masks: Tensor(truth, shape: [1, height, width]))
            return score.overlap
        }
    }
}
