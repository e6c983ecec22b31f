import Media
import Models
import Tensor

/// Segments a sequence of frames with any model: decode, window, segment, write, forget.
///
/// The next window is decoded while this one is computed.
struct RunLoop: Sendable {
    let model: any SegmentationModel

    /// The model's own preprocessing, or that of another size.
    let preprocessing: Preprocessing

    /// At which scales, and whether mirrored too.
    let augmentation: TestTimeAugmentation

    let windowProtocol: WindowProtocol

    /// The probability above which a pixel is foreground, for models with one class.
    let threshold: Float

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - recorder: keeps intermediate results of the first window.
    ///   - recorded: is called when it has them.
    ///   - writers: what takes the results, in this order for each frame.
    ///   - progress: is told of every frame that is done.
    func run(
        _ source: any FrameSource, recorder: Recorder?, recorded: (Recorder) throws -> Void,
        writers: [any ResultWriter], progress: Progress
    ) async throws {
        let reader = WindowReader(
            source, windowProtocol: windowProtocol, length: model.clipLength)
        var recorder = recorder
        var pending = Task { try await reader.next() }
        defer { pending.cancel() }
        progress.advance(by: 0)
        while let window = try await pending.value {
            pending = Task { try await reader.next() }
            let results = await ComputeThread.run { [recorder] in
                segment(window, recorder: recorder)
            }
            try recorder.map(recorded)
            recorder = nil
            for result in results {
                for writer in writers { try await writer.write(result) }
            }
            progress.advance(by: window.kept.count)
        }
        for writer in writers { try await writer.finish() }
    }

    /// What the model says about the kept frames of a window.
    private func segment(_ window: FrameWindow, recorder: Recorder?) -> [FrameResult] {
        let images = window.frames.map(\.image)
        let clip = Clip(frames: stacked(images.map(preprocessing.callAsFunction)))
        let predictions = model.predictions(
            for: clip, height: images[0].shape[0], width: images[0].shape[1],
            positions: window.kept, augmentation: augmentation, recorder: recorder)
        return zip(window.kept, predictions).map { position, prediction in
            FrameResult(
                frame: window.frames[position], prediction: prediction, threshold: threshold)
        }
    }
}
