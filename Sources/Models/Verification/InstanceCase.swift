import Checkpoints
import Masks
import Tensor

/// A reference case of a model that finds objects: a video in, the stages of the network and the official
/// `results.json` out.
public struct InstanceCase {
    /// What is stored as an input, not as a result.
    public static let inputs: Set<String> = ["frames"]

    private let referenceCase: ReferenceCase
    private let model: SeqFormer
    private let preprocessing: Preprocessing
    private let frames: [Tensor<UInt8>]

    /// Builds the case's model of `source`, strictly.
    public init(_ referenceCase: ReferenceCase, weights source: any WeightSource) throws {
        self.referenceCase = referenceCase
        guard var configuration = SeqFormerConfiguration(recognizedIn: source) else {
            throw ModelFamilyError.unrecognized(origin: source.origin)
        }
        let config = referenceCase.config
        guard let shortSide = config["resize_short_side"]?.int, (1...16384).contains(shortSide)
        else {
            throw VerificationError.missingOption(
                name: "resize_short_side", path: referenceCase.path)
        }
        preprocessing =
            configuration.release == .original
            ? Preprocessing(sizing: .shortSide(shortSide, longSide: 16384))
            : .detectron2(shortSide: shortSide, longSide: config["resize_max"]?.int ?? 1333)
        configuration.inference.read(config["inference"])
        let scope = WeightScope(source)
        model = try SeqFormer(configuration, weights: scope)
        try scope.finish()
        let pixels = try referenceCase.tensors.integers("frames")
        guard pixels.rank == 4, pixels.shape[3] == 3, pixels.count > 0 else {
            throw VerificationError.unfitTensor(
                name: "frames", shape: pixels.shape, expected: "[frames, height, width, 3]",
                path: referenceCase.path)
        }
        let bytes = Tensor(
            pixels.scalars.map { UInt8(truncatingIfNeeded: $0) }, shape: pixels.shape)
        frames = (0..<pixels.shape[0]).map { bytes[$0] }
    }

    /// Everything of the case that is computed, by the names of its tensors, in the official layout: the
    /// prepared frames, the stages of one pass over the whole video, the clips and the tracks.
    public func outputs() throws -> [String: Tensor<Float>] {
        let recorder = Recorder(names: Set(referenceCase.tensors.entries.map(\.name)))
        let (height, width) = (frames[0].shape[0], frames[0].shape[1])
        let size = preprocessing.inputSize(height: height, width: width)
        recorder.record("resized") {
            stacked(
                frames.map { resizedPillow($0, height: size.height, width: size.width) }
                    .map { Tensor($0.scalars.map(Float.init), shape: $0.shape) }
            ).channelsFirst
        }
        let input = stacked(frames.map(preprocessing.callAsFunction))
        recorder.record("input") { input.channelsFirst }
        let mask = preprocessing.paddingMask(height: height, width: width).map { mask in
            stacked([Tensor](repeating: mask, count: frames.count))
        }
        model.forward(Clip(frames: input, paddingMask: mask), recorder: recorder)
        if model.configuration.inference.matchesClips {
            let names = ["clip_cls_probs", "clip_mask_logits", "track_cls", "track_mask_logits"]
            let clips = Recorder(names: Set(names))
            _ = try instances(maskThreshold: 0.5, recorder: clips)
            for (name, tensor) in clips.tensors { recorder.record(name) { tensor } }
        }
        return recorder.tensors
    }

    /// The largest difference that passes for tensors of which the case itself states none: clips and tracks are
    /// held to what the case states of the network's logits, and to what a sigmoid makes of that.
    public var bounds: [String: Double] {
        let masks = referenceCase.tolerance("pred_masks")?.bound ?? 1e-4
        let classes = (referenceCase.tolerance("pred_logits")?.bound ?? 1e-4) / 4
        return [
            "clip_mask_logits": masks, "track_mask_logits": masks, "clip_cls_probs": classes,
            "track_cls": classes,
        ]
    }

    /// The largest difference of two scores that passes: 1e-5, but not less than four times the official
    /// program's own error in single precision; the rule for any other stage is ten times. The slope of a
    /// sigmoid is at most 1/4.
    private var scoreBound: Double {
        let own =
            referenceCase.config["score_float32_vs_float64"]?.double
            ?? (referenceCase.tolerance("pred_logits")?.largestOwnError ?? 0) / 4
        return max(1e-5, 4 * own)
    }

    /// The objects against those of the case's `results.json`. Pixels may differ whose logits are within the
    /// tolerance of the masks' logits.
    public func compareResults() throws -> ResultsComparison {
        let official = try OfficialResults(path: "\(referenceCase.path)/results.json")
        let tolerance =
            referenceCase.tolerance("pred_masks_top") ?? referenceCase.tolerance("pred_masks")
        // The slope of a sigmoid at the threshold is 1/4.
        let margin = Float((tolerance?.bound ?? 1e-4) / 4)
        let bound = scoreBound
        let found = try instances(maskThreshold: 0.5)
        let comparison = ResultsComparison(
            found, to: official, scoreBound: bound, surer: found, vaguer: found)
        guard comparison.differingPixels > 0 else { return comparison }
        return ResultsComparison(
            found, to: official, scoreBound: bound,
            surer: try instances(maskThreshold: 0.5 + margin),
            vaguer: try instances(maskThreshold: 0.5 - margin))
    }

    /// The objects that a session finds.
    private func instances(
        maskThreshold: Float, recorder: Recorder? = nil
    ) throws -> VideoInstances {
        var options = SessionOptions()
        options.preprocessing = preprocessing
        options.maskThreshold = maskThreshold
        options.windowProtocol = .official
        let session = try model.session(
            for: VideoDescription(
                height: frames[0].shape[0], width: frames[0].shape[1], frameCount: frames.count),
            options: options, allowsGaps: true)
        guard let instances = session.segment(frames, recorder: recorder).instances else {
            preconditionFailure("InstanceCase: a session without objects")
        }
        return instances
    }
}

extension SeqFormerInference {
    /// Takes over what a case's `inference` states.
    fileprivate mutating func read(_ options: JSONValue?) {
        reportsAllClasses = options?["MULTI_CLS_ON"]?.bool ?? reportsAllClasses
        scoreThreshold = options?["APPLY_CLS_THRES"]?.double.map(Float.init) ?? scoreThreshold
        matchesClips = options?["CLIP_MATCHING"]?.bool ?? matchesClips
        clipLength = options?["CLIP_LENGTH"]?.int ?? clipLength
        clipStride = options?["CLIP_STRIDE"]?.int ?? clipStride
    }
}
