import Tensor

/// The work of a model of pixels on a video: each frame is predicted from a window around it or with its
/// neighbours, and is final at once.
final class DenseSession: SegmentationSession {
    let layout: WindowLayout
    let expectedPeakBytes: Int

    private let model: any DenseSegmentationModel
    private let video: VideoDescription
    private let preprocessing: Preprocessing
    private let augmentation: TestTimeAugmentation
    private let refinement: FullyConnectedCRF?
    /// Of models that look at frames alone, where windows share frames.
    private let features: LooksFeatures?

    init(
        _ model: some DenseSegmentationModel, video: VideoDescription, options: SessionOptions
    ) throws {
        try Self.refuseOptionsOfObjects(options)
        guard options.frameStride == nil || options.windowProtocol == .once else {
            throw UnsupportedOption(
                "frame stride",
                "has no meaning in the official protocol, whose windows hold neighbouring frames; leave one of them out"
            )
        }
        refinement = try Self.refinement(of: model, video, options)
        self.model = model
        self.video = video
        preprocessing = options.preprocessing ?? model.preprocessing
        augmentation = options.augmentation
        layout =
            switch options.windowProtocol {
            case .once:
                .sideBySide(
                    length: model.windowLength, stride: options.frameStride ?? model.frameStride)
            case .official: .aroundEachFrame(length: model.windowLength)
            }
        let input = preprocessing.inputSize(height: video.height, width: video.width)
        let scale = augmentation.scales.max() ?? 1
        let pixels = Double(model.windowLength * input.height * input.width) * scale * scale
        // RGB of the windows' frames and of those that come next, probabilities of them twice.
        let span = layout.span ?? model.windowLength
        let windows = span * video.height * video.width * (2 * 3 + 2 * 4)
        let lattices =
            refinement == nil ? 0 : FullyConnectedCRF.bytesPerPixel * video.height * video.width
        let computing = Int(pixels * Double(model.bytesPerPixel)) + windows + lattices
        features = model.featureBytesPerPixel.flatMap { bytesPerPixel in
            guard options.windowProtocol == .official else { return nil }
            return LooksFeatures(
                of: options.augmentation,
                bytesAtScale1: model.windowLength * input.height * input.width * bytesPerPixel,
                limit: (options.memoryLimit ?? SessionOptions.defaultMemoryLimit) - computing)
        }
        expectedPeakBytes = computing + (features?.bytes ?? 0)
    }

    func segment(_ window: VideoWindow, recorder: Recorder?) -> [FramePrediction] {
        let clip = Clip(frames: stacked(window.frames.map(preprocessing.callAsFunction)))
        features?.move(to: window.indices)
        let predictions = model.predictions(
            for: clip, height: video.height, width: video.width, positions: window.kept,
            augmentation: augmentation, recorder: recorder, keeping: features)
        return zip(window.kept, predictions).map { position, prediction in
            FramePrediction(
                frame: window.indices[position],
                prediction: refined(prediction, window.frames[position]))
        }
    }

    private func refined(_ prediction: Prediction, _ frame: Tensor<UInt8>) -> Prediction {
        guard let refinement, case .foreground(let foreground) = prediction else {
            return prediction
        }
        return .foreground(refinement(foreground, image: frame))
    }

    func finish() -> VideoInstances? { nil }

    private static func refinement(
        of model: some DenseSegmentationModel, _ video: VideoDescription, _ options: SessionOptions
    ) throws -> FullyConnectedCRF? {
        guard let configuration = options.refinement else { return nil }
        guard model.classes == 1 else {
            throw UnsupportedOption(
                "crf",
                "refines a foreground, and this model labels \(model.classes) classes; leave it out"
            )
        }
        return FullyConnectedCRF(
            height: video.height, width: video.width, configuration: configuration)
    }

    private static func refuseOptionsOfObjects(_ options: SessionOptions) throws {
        let given = [
            ("clip length", options.clipLength != nil), ("clip stride", options.clipStride != nil),
            ("top k", options.topK != nil), ("score", options.scoreThreshold != nil),
            ("classes", options.categories != nil),
        ]
        guard let (name, _) = given.first(where: \.1) else { return }
        throw UnsupportedOption(
            name,
            "has no meaning for a model that labels pixels and finds no objects; leave it out")
    }
}
