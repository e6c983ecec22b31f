import Masks
import Tensor

/// A video clip by clip, the instances of the clips joined to tracks: VNext's clip matching.
///
/// A frame is encoded once, however many clips see it. Memory depends on the length of a clip, but for the
/// runs of the masks.
final class SeqFormerClipSession: SegmentationSession {
    let layout: WindowLayout
    let expectedPeakBytes: Int
    let manner: String

    private let model: SeqFormer
    private let video: VideoDescription
    private let input: SeqFormerInput
    private let selection: SeqFormerSelection
    private let logitThreshold: Float
    private let resizing: MaskResizing
    private var frames: [Int: SeqFormerFrame] = [:]
    private var frameCount = 0
    private var tracks = ClipTracks()
    private var masks: [[Int: RunLengthMask]] = []
    private var records: ClipRecords?

    init(
        _ model: SeqFormer, _ video: VideoDescription, _ options: SessionOptions,
        length: Int, stride: Int, expectedPeakBytes: Int
    ) {
        layout = .sliding(length: length, stride: stride)
        manner = "in clips of \(length) frames, one every \(stride)"
        self.model = model
        self.video = video
        self.expectedPeakBytes = expectedPeakBytes
        input = SeqFormerInput(video, options.preprocessing ?? model.preprocessing)
        selection = SeqFormerSelection(model.configuration, options)
        logitThreshold = options.logitThreshold
        resizing = input.resizing(video, model.configuration.release)
    }

    func segment(_ window: VideoWindow, recorder: Recorder?) -> [FramePrediction] {
        guard let first = window.indices.first, let last = window.indices.last else { return [] }
        if records == nil { records = ClipRecords(recorder) }
        frames = frames.filter { $0.key >= first }
        let fresh = window.indices.indices.filter { frames[window.indices[$0]] == nil }
        let features = input.features(
            of: fresh.map { window.frames[$0] }, model, recorder: nil)
        for (position, frame) in zip(fresh, features) { frames[window.indices[position]] = frame }
        frameCount = max(frameCount, last + 1)

        let seen = window.indices.compactMap { frames[$0] }
        let output = model.decode(seen, imageSize: input.size)
        let scores = sigmoid(output.logits)
        let queries = selection.bestQueries(scores)
        let clip = ClipInstances(
            frames: first..<last + 1, scores: takeRows(scores, queries),
            maskLogits: model.masks(of: queries, output: output, frames: seen))
        records?.add(clip)
        keep(tracks.add(clip))
        return []
    }

    func finish() -> VideoInstances? {
        keep(tracks.finish())
        let scores = tracks.scores
        records?.finish(scores, frameCount: frameCount)
        let empty = RunLengthMask(emptyOfHeight: video.height, width: video.width)
        return selection.instances(
            video, frameCount: frameCount,
            tracks: scores.enumerated().map { index, scores in
                (
                    (0..<frameCount).map { masks[index][$0] ?? empty }, scores,
                    selection.reportedClasses(scores)
                )
            })
    }

    /// Turns the masks of frames that are final into runs.
    private func keep(_ finished: [FinishedFrame]) {
        while masks.count < tracks.count { masks.append([:]) }
        for frame in finished {
            records?.add(frame)
            let runs = RunLengthMask.masks(
                of: frame.maskLogits, resized: resizing, above: logitThreshold)
            for (track, mask) in zip(frame.tracks, runs) { masks[track][frame.frame] = mask }
        }
    }
}

/// Records of the clips and of the tracks, under the names of the reference cases.
private struct ClipRecords {
    private let recorder: Recorder?
    private var clips: [ClipInstances] = []
    private var frames: [FinishedFrame] = []

    init(_ recorder: Recorder?) { self.recorder = recorder }

    mutating func add(_ clip: ClipInstances) {
        if recorder?.wants("clip_cls_probs") ?? false { clips.append(clip) }
    }

    mutating func add(_ frame: FinishedFrame) {
        if recorder?.wants("track_mask_logits") ?? false { frames.append(frame) }
    }

    func finish(_ scores: [[Float]], frameCount: Int) {
        guard let recorder else { return }
        if !clips.isEmpty {
            recorder.record("clip_cls_probs") { stacked(clips.map(\.scores)) }
            recorder.record("clip_mask_logits") { stacked(clips.map(\.maskLogits)) }
        }
        if !frames.isEmpty {
            recorder.record("track_mask_logits") {
                frames.maskLogits(tracks: scores.count, frameCount: frameCount)
            }
        }
        recorder.record("track_cls") {
            Tensor(scores.flatMap(\.self), shape: [scores.count, scores.first?.count ?? 0])
        }
    }
}

extension [FinishedFrame] {
    /// The logits of every track in every frame, `[tracks, frames, height, width]`; not a number where no
    /// clip has found the track.
    func maskLogits(tracks: Int, frameCount: Int) -> Tensor<Float> {
        let shape = first?.maskLogits.shape ?? [0, 0, 0]
        let (height, width) = (shape[1], shape[2])
        var values = [Float](repeating: .nan, count: tracks * frameCount * height * width)
        for frame in self {
            for (index, track) in frame.tracks.enumerated() {
                let start = (track * frameCount + frame.frame) * height * width
                values.replaceSubrange(
                    start..<start + height * width, with: frame.maskLogits[index].scalars)
            }
        }
        return Tensor(values, shape: [tracks, frameCount, height, width])
    }
}
