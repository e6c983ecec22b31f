import Checkpoints
import Layers
import Tensor

/// MED-VT: a video transformer with a multiscale encoder, a pixel decoder, a query decoder and label
/// propagation between frames.
///
/// R. Karim, H. Zhao, R. P. Wildes, M. Siam, "MED-VT: Multiscale Encoder-Decoder Video Transformer with
/// Application to Object Segmentation", CVPR 2023. It computes what the official code does with an
/// official checkpoint, under that checkpoint's names.
public struct MEDVT: DenseSegmentationModel {
    /// The sizes and options of this model.
    public let configuration: MEDVTConfiguration

    private let backbone: any Backbone
    private let projections: [Conv2d]
    private let frameDifferences: FrameDifferences?
    private let lateralAdapter: Conv2d?
    private let encoder: PyramidEncoder
    private let pixelDecoder: PixelDecoder
    private let queryDecoder: QueryDecoder
    private let queryEmbedding: Tensor<Float>
    private let attentionMap: QueryAttentionMap
    let head: SegmentationHead3D
    let labelPropagator: LabelPropagator?

    /// Takes the tensors of a model from `weights`, the root of a checkpoint.
    ///
    /// Tensors that the official code stores but does not use are marked as such. Call
    /// `weights.finish()` afterwards for the report.
    ///
    /// - Throws: ``ConfigurationError`` for a configuration that cannot be, `CheckpointError` where
    ///   tensors cannot be read.
    public init(_ configuration: MEDVTConfiguration, weights: WeightScope) throws {
        try configuration.validate()
        self.configuration = configuration
        let scopes = MEDVTScopes(weights, configuration)
        let channels = configuration.hiddenDimension
        let backbone = try configuration.backbone.make(scopes.backbone)
        self.backbone = backbone
        projections = try zip(scopes.projections, backbone.levelChannels).map {
            try Conv2d($0, inputChannels: $1, outputChannels: channels, kernelSize: 1)
        }
        frameDifferences =
            configuration.frameDifferences
            ? try FrameDifferences(
                scopes.frameDifferences, levelChannels: backbone.levelChannels,
                outputChannels: channels) : nil
        lateralAdapter = try scopes.lateralAdapter.map {
            try Conv2d($0, inputChannels: channels, outputChannels: channels, kernelSize: 1)
        }
        encoder = try PyramidEncoder(scopes, configuration)
        pixelDecoder = try PixelDecoder(scopes.pixelDecoder, channels: channels)
        queryDecoder = try QueryDecoder(
            scopes.queryDecoder, layers: configuration.decoderLayers, channels: channels,
            heads: configuration.heads, hidden: configuration.feedForwardDimension)
        queryEmbedding = try scopes.queryEmbedding.tensor(
            "weight", shape: [configuration.queries, channels])
        attentionMap = try QueryAttentionMap(
            scopes.attentionMap, channels: channels, heads: configuration.heads,
            softmax: configuration.attentionMapSoftmax)
        head = try SegmentationHead3D(
            scopes.head, channels: [channels + configuration.heads] + configuration.headChannels,
            classes: configuration.classes)
        guard configuration.labelPropagation != .off else {
            labelPropagator = nil
            return
        }
        labelPropagator = try LabelPropagator(
            scopes.labelPropagator, mode: configuration.labelPropagation,
            scale: configuration.labelPropagationScale, channels: channels + configuration.heads,
            keyChannels: configuration.labelPropagationKeyChannels, classes: configuration.classes)
    }

    /// How many frames the model sees at once.
    public var windowLength: Int { configuration.frames }

    /// Every how many frames of the video a window holds one.
    public var frameStride: Int { configuration.frameStride }

    /// How many classes it tells apart; 1 means foreground or not.
    public var classes: Int { configuration.classes }

    /// What a forward pass holds at its peak for each pixel of its clip: measured, rounded up.
    public var bytesPerPixel: Int {
        switch configuration.backbone {
        case .swinB: 230
        case .resnet101: 560
        case .efficientNetLite0: 270
        }
    }

    /// What the levels of a frame take, by their channels and strides, rounded up. Video Swin looks at all
    /// frames together.
    public var featureBytesPerPixel: Int? {
        switch configuration.backbone {
        case .swinB: nil
        case .resnet101: 140
        case .efficientNetLite0: 14
        }
    }

    /// How a decoded frame becomes the model's input.
    public var preprocessing: Preprocessing { configuration.preprocessing }

    /// The logits of `clip`, `[frames, height, width, classes]`, at the backbone's finest level.
    public func callAsFunction(_ clip: Clip, recorder: Recorder? = nil) -> Tensor<Float> {
        run(clip, levels: nil, recorder)
    }

    /// The same; what the backbone makes of each frame is taken from `features`, or kept there.
    public func callAsFunction(_ clip: Clip, keeping features: FrameFeatures?) -> Tensor<Float> {
        guard let features, let backbone = backbone as? any FrameBackbone else {
            return run(clip, levels: nil, nil)
        }
        return run(clip, levels: features.levels(of: clip.frames, by: backbone), nil)
    }

    /// - Parameter levels: what the backbone makes of the clip; `nil` where it has to be computed.
    private func run(
        _ clip: Clip, levels: consuming [Tensor<Float>]?, _ recorder: Recorder?
    ) -> Tensor<Float> {
        precondition(
            clip.frames.shape[0] == windowLength,
            "MEDVT: a clip of \(clip.frames.shape[0]) frames where \(windowLength) are expected")
        let maps =
            levels ?? recorder.stage("backbone") { backbone(clip.frames, recorder: recorder) }
        let output = logits(of: features(of: clip, maps, recorder), recorder)
        recorder?.record("pred_masks") { output.transposed(3, 0, 1, 2) }
        return output
    }

    /// The finest map with the queries' attention over it, `[frames, height, width, channels + heads]`.
    ///
    /// - Parameter maps: the backbone's levels.
    private func features(
        of clip: Clip, _ maps: consuming [Tensor<Float>], _ recorder: Recorder?
    ) -> Tensor<Float> {
        let differences = frameDifferences.map { layer in
            let motion = recorder.stage("camera motion") { CameraMotion(of: clip.frames) }
            return recorder.stage("frame differences") { layer(maps, motion) }
        }
        // A level is given up as soon as it has been projected: the finest are the largest.
        var maps: [Tensor<Float>?] = maps.map(Optional.some)
        let levels = maps.compactMap { $0 }.map {
            PyramidLevel(
                of: $0, clipMask: clip.paddingMask, channels: configuration.hiddenDimension)
        }
        for (index, level) in levels.enumerated() {
            recorder?.record("pos\(index)") { level.officialPositions }
        }
        func projected(_ index: Int) -> Tensor<Float> {
            guard let map = maps[index].take() else {
                preconditionFailure("MEDVT: level \(index) was projected before")
            }
            let result = recorder.stage("input projections") {
                projections[index](map, residual: differences?[index])
            }
            recorder?.record(
                MEDVTRecordNames(configuration: configuration).projection(level: index)
            ) {
                result.channelsFirst
            }
            return result
        }
        let encoded = recorder.stage("encoder") {
            encoder(
                deep: .init(map: projected(3), level: levels[3], positions: levels[3].positions()),
                shallow: .init(
                    map: projected(2), level: levels[2], positions: levels[2].positions()),
                recorder: recorder)
        }
        let decoded = recorder.stage("pixel decoder") {
            pixelDecoder(encoded.deep, taps: configuration.pixelDecoderTaps, recorder: recorder) {
                step in
                if step > 0 { return projected(2 - step) }
                return lateralAdapter.map { $0(encoded.shallow) } ?? encoded.shallow
            }
        }
        let queries = recorder.stage("query decoder") {
            queryDecoder(
                Tensor(
                    repeating: configuration.initialTarget,
                    shape: [configuration.frames, configuration.hiddenDimension]),
                queryPositions: takeRows(
                    queryEmbedding, (0..<configuration.frames).map { $0 % configuration.queries }),
                memories: memories(decoded, levels), recorder: recorder)
        }
        return recorder.stage("attention map") {
            withAttention(
                of: queries, decoded[decoded.count - 1], paddingMask: levels[0].paddingMask,
                recorder)
        }
    }

    /// What the query decoder looks at: the pixel decoder's map `i` lies on the backbone's level `3 - i`.
    private func memories(
        _ maps: [Tensor<Float>], _ levels: [PyramidLevel]
    ) -> [QueryDecoder.Memory] {
        let count = configuration.decoderScales
        let first = configuration.decoderFeatures == .finest ? maps.count - count : 0
        return (first..<first + count).map { index in
            let level = levels[levels.count - 1 - index]
            return QueryDecoder.Memory(
                tokens: maps[index].tokens, positions: level.positions(),
                keyPaddingMask: level.keyPaddingMask)
        }
    }

    private func withAttention(
        of queries: Tensor<Float>, _ map: Tensor<Float>, paddingMask: Tensor<Bool>?,
        _ recorder: Recorder?
    ) -> Tensor<Float> {
        let attention = stacked(
            (0..<map.shape[0]).map { frame in
                attentionMap(
                    query: queries[frame], map: map[frame], paddingMask: paddingMask?[frame])
            })
        recorder?.record("attn") { attention.channelsFirst }
        return concatenated([map, attention], axis: 3)
    }
}
