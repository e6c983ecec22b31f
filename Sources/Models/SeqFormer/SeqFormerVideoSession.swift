import Masks
import Tensor

/// A whole video at once, as the released code sees it: features of a few frames at a time, which do not mix,
/// then one look of the queries at all of them.
final class SeqFormerVideoSession: SegmentationSession {
    let layout = WindowLayout.sliding(length: framesAtOnce, stride: framesAtOnce)
    let expectedPeakBytes: Int
    let manner = "as a whole"

    /// How many frames are read at a time.
    static let framesAtOnce = 4

    private let model: SeqFormer
    private let video: VideoDescription
    private let input: SeqFormerInput
    private let selection: SeqFormerSelection
    private let logitThreshold: Float
    private var frames: [SeqFormerFrame] = []
    private var recorder: Recorder?
    private var recordedFrames: [Tensor<UInt8>] = []

    init(
        _ model: SeqFormer, _ video: VideoDescription, _ options: SessionOptions,
        expectedPeakBytes: Int
    ) {
        self.model = model
        self.video = video
        self.expectedPeakBytes = expectedPeakBytes
        input = SeqFormerInput(video, options.preprocessing ?? model.preprocessing)
        selection = SeqFormerSelection(model.configuration, options)
        logitThreshold = options.logitThreshold
    }

    func segment(_ window: VideoWindow, recorder: Recorder?) -> [FramePrediction] {
        let kept = window.kept.map { window.frames[$0] }
        self.recorder = self.recorder ?? recorder
        if self.recorder == nil {
            frames += input.features(of: kept, model, recorder: nil)
        } else {
            // Records are those of all frames together.
            recordedFrames += kept
        }
        return []
    }

    func finish() -> VideoInstances? {
        if recorder != nil {
            frames = input.features(of: recordedFrames, model, recorder: recorder)
        }
        guard !frames.isEmpty else {
            return selection.instances(video, frameCount: 0, tracks: [])
        }
        let output = model.decode(frames, imageSize: input.size, recorder: recorder)
        let scores = sigmoid(output.logits)
        let candidates = selection.candidates(scores)
        let masks = masks(of: candidates.map(\.query), output)
        return selection.instances(
            video, frameCount: frames.count,
            tracks: candidates.indices.map { index in
                (
                    masks.map { $0[index] }, scores[candidates[index].query].scalars,
                    candidates[index].classes
                )
            })
    }

    /// The masks of the queries in each frame. A frame's logits are dropped when its runs are known.
    private func masks(of queries: [Int], _ output: SeqFormerOutput) -> [[RunLengthMask]] {
        let resizing = input.resizing(video, model.configuration.release)
        let parameters = takeRows(output.maskParameters, queries)
        return frames.indices.map { frame in
            guard !queries.isEmpty else { return [] }
            let logits = model.masks(
                of: frames[frame], parameters: parameters,
                references: takeRows(output.references[frame], queries))
            return RunLengthMask.masks(of: logits, resized: resizing, above: logitThreshold)
        }
    }
}
