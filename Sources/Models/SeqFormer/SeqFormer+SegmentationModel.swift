import Tensor

extension SeqFormer: SegmentationModel {
    /// How a decoded frame becomes the model's input.
    public var preprocessing: Preprocessing { configuration.preprocessing }

    /// A clip may have any number of frames.
    public var clipLength: Int? { nil }

    /// The categories of YouTube-VIS 2019, where the number of outputs is theirs.
    public var categories: [Category] { configuration.categories }

    /// The network on a clip. The size without padding, which masks are measured in, is that of the part
    /// that the clip's mask leaves.
    public func forward(_ clip: Clip, recorder: Recorder?) {
        let mask = clip.paddingMask?[0]
        let frames = features(of: clip.frames, paddingMask: mask, recorder: recorder)
        let size = MapSize(
            height: mask.map { $0.transposed(1, 0)[0].scalars.count { !$0 } }
                ?? clip.frames.shape[1],
            width: mask.map { $0[0].scalars.count { !$0 } } ?? clip.frames.shape[2])
        let output = decode(frames, imageSize: size, recorder: recorder)
        let scores = sigmoid(output.logits)
        let selection = SeqFormerSelection(configuration, SessionOptions())
        let queries = selection.candidates(scores).map(\.query)
        recorder.stage("masks") {
            let logits = masks(of: queries, output: output, frames: frames)
            recorder?.record("pred_masks_top") { logits }
        }
    }

    /// A session that finds the objects of a video: at once, as the released code does, or in clips whose
    /// objects are matched (VNext's `CLIP_MATCHING`).
    ///
    /// Clips are used where the configuration or the options ask for them, where the number of frames is not
    /// known, and where all frames at once would take more memory than ``SessionOptions/memoryLimit``.
    /// ``WindowProtocol/official`` leaves the choice to the configuration alone.
    ///
    /// - Throws: ``UnsupportedOption``.
    public func session(
        for video: VideoDescription, options: SessionOptions
    ) throws -> any SegmentationSession {
        try session(for: video, options: options, allowsGaps: false)
    }

    /// A session as above; `allowsGaps` lets clips leave frames between them out, which the official code does
    /// where it is so configured.
    func session(
        for video: VideoDescription, options: SessionOptions, allowsGaps: Bool
    ) throws -> any SegmentationSession {
        guard options.augmentation == .none else {
            throw UnsupportedOption(
                "scales or flip",
                "has no meaning for a model of objects, whose looks cannot be averaged; leave it out"
            )
        }
        guard options.frameStride == nil else {
            throw UnsupportedOption(
                "frame stride",
                "is for models that label pixels; a model of objects takes a clip length and a clip stride"
            )
        }
        guard options.refinement == nil else {
            throw UnsupportedOption(
                "crf", "refines a foreground, and this model finds objects; leave it out")
        }
        let length = options.clipLength ?? configuration.inference.clipLength
        let stride = options.clipStride ?? configuration.inference.clipStride
        guard (1...1024).contains(length), (1...1024).contains(stride) else {
            throw UnsupportedOption(
                length < 1 || length > 1024 ? "clip length" : "clip stride",
                "takes a number from 1 to 1024")
        }
        guard stride <= length || allowsGaps else {
            throw UnsupportedOption(
                "clip stride",
                "takes a number up to the clip length, \(length): frames would be in no clip")
        }
        let memory = SeqFormerMemory(
            self, video, options.preprocessing ?? configuration.preprocessing)
        if matchesClips(video, options, memory) {
            return SeqFormerClipSession(
                self, video, options, length: length, stride: stride,
                expectedPeakBytes: memory.clipBytes(length: length, stride: stride))
        }
        return SeqFormerVideoSession(
            self, video, options, expectedPeakBytes: memory.videoBytes(frames: video.frameCount))
    }

    private func matchesClips(
        _ video: VideoDescription, _ options: SessionOptions, _ memory: SeqFormerMemory
    ) -> Bool {
        if configuration.inference.matchesClips { return true }
        if options.windowProtocol == .official { return false }
        if options.clipLength != nil || options.clipStride != nil { return true }
        guard let frames = video.frameCount else { return true }
        return memory.videoBytes(frames: frames)
            > options.memoryLimit ?? SessionOptions.defaultMemoryLimit
    }
}
