import Checkpoints
import Layers
import Tensor

/// What happens to each frame by itself: backbone, projections, Deformable DETR's encoder, mask features.
///
/// `DeformableTransformerEncoder` in `models/deformable_transformer.py`.
struct SeqFormerFrameEncoder: Sendable {
    private let backbone: any Backbone
    private let projections: [Conv2d]
    private let norms: [GroupNorm]
    private let levelEmbedding: Tensor<Float>
    private let layers: [DeformableEncoderLayer]
    private let maskFeatures: MaskFeatures

    /// Takes the tensors from the root of a checkpoint.
    init(_ weights: WeightScope, _ configuration: SeqFormerConfiguration) throws {
        let detr = weights["detr"]
        let channels = configuration.hiddenDimension
        let backbone = try configuration.backbone.make(detr["backbone", 0]["body"])
        self.backbone = backbone
        let maps = Array(backbone.levelChannels.dropFirst())
        projections = try (0..<configuration.levels).map { level in
            let isMap = level < maps.count
            return try Conv2d(
                detr["input_proj", level]["0"],
                inputChannels: isMap
                    ? maps[level] : level == maps.count ? maps[level - 1] : channels,
                outputChannels: channels, kernelSize: isMap ? 1 : 3, stride: isMap ? 1 : 2,
                padding: isMap ? 0 : 1)
        }
        norms = try (0..<configuration.levels).map {
            try GroupNorm(detr["input_proj", $0]["1"], groups: 32, channels: channels)
        }
        levelEmbedding = try detr["transformer"].tensor(
            "level_embed", shape: [configuration.levels, channels])
        layers = try (0..<configuration.encoderLayers).map {
            let layer = detr["transformer"]["encoder"]["layers", $0]
            // Only the decoder projects twice; the module has both everywhere.
            layer["self_attn"].ignoreAll(below: "output_proj_box")
            return try DeformableEncoderLayer(
                layer, channels: channels, heads: configuration.heads,
                levels: configuration.levels, points: configuration.points,
                hidden: configuration.feedForwardDimension)
        }
        maskFeatures = try MaskFeatures(weights["mask_head"], channels: channels)
    }

    /// How many pixels are looked at together: small frames share products, large ones keep memory low.
    private static let pixelsAtOnce = 1 << 18

    /// What is kept of each of `frames`, `[frames, height, width, 3]`.
    ///
    /// - Parameter paddingMask: `[height, width]`, the padding of every frame.
    func callAsFunction(
        _ frames: Tensor<Float>, paddingMask: Tensor<Bool>?, recorder: Recorder?
    ) -> [SeqFormerFrame] {
        let (count, height, width) = (frames.shape[0], frames.shape[1], frames.shape[2])
        let together = max(1, Self.pixelsAtOnce / max(1, height * width))
        var parts = FrameRecords(recorder)
        var kept: [SeqFormerFrame] = []
        for start in stride(from: 0, to: count, by: together) {
            let part = frames[start..<min(start + together, count)]
            kept += encoded(part, paddingMask: paddingMask, recorder: parts.next())
        }
        parts.finish()
        if let recorder, let layout = kept.first?.layout {
            record(layout, paddingMask: paddingMask, height: height, width: width, recorder)
        }
        return kept
    }

    private func encoded(
        _ frames: Tensor<Float>, paddingMask: Tensor<Bool>?, recorder: Recorder?
    ) -> [SeqFormerFrame] {
        // The finest level is of no use here.
        let maps = recorder.stage("backbone") {
            backbone(frames, firstLevel: 1, recorder: recorder)
        }
        let levels = recorder.stage("input projections") { projected(maps, recorder) }
        let layout = SeqFormerLayout(
            levels: levels.map { MapSize(height: $0.shape[1], width: $0.shape[2]) },
            paddingMask: paddingMask)
        let memory = recorder.stage("encoder") {
            tokens(of: levels, layout, recorder)
        }
        recorder?.record("memory") { memory }
        let features = recorder.stage("mask features") {
            maskFeatures((0..<3).map { layout.map($0, of: memory) })
        }
        recorder?.record("mask_feats") { features.channelsFirst }
        return (0..<frames.shape[0]).map {
            SeqFormerFrame(memory: memory[$0], maskFeatures: features[$0], layout: layout)
        }
    }

    /// The maps at the width of the tokens, and those that are made of the last.
    private func projected(_ maps: [Tensor<Float>], _ recorder: Recorder?) -> [Tensor<Float>] {
        var levels: [Tensor<Float>] = []
        for (level, projection) in projections.enumerated() {
            let source = level <= maps.count ? maps[min(level, maps.count - 1)] : levels[level - 1]
            levels.append(norms[level](projection(source)))
            recorder?.record("input_proj\(level)") { levels[level].channelsFirst }
        }
        return levels
    }

    /// The encoder's output, `[frames, tokens, channels]`.
    private func tokens(
        of maps: [Tensor<Float>], _ layout: SeqFormerLayout, _ recorder: Recorder?
    ) -> Tensor<Float> {
        let frames = maps[0].shape[0]
        let channels = levelEmbedding.shape[1]
        let positions = concatenated(
            layout.positions(channels: channels).enumerated().map { level, waves in
                waves.reshaped(-1, channels) + levelEmbedding[level]
            }, axis: 0)
        let centers = layout.centers
        var pyramid = layout.pyramid(
            of: concatenated(maps.map { $0.reshaped(frames, -1, channels) }, axis: 1))
        for (index, layer) in layers.enumerated() {
            pyramid = pyramid.replacing(
                tokens: layer(pyramid, positions: positions, references: centers))
            recorder?.record("encoder.layer\(index)") { pyramid.tokens }
        }
        return pyramid.tokens
    }

    /// Records what all frames share.
    private func record(
        _ layout: SeqFormerLayout, paddingMask: Tensor<Bool>?, height: Int, width: Int,
        _ recorder: Recorder
    ) {
        for level in layout.levels.indices {
            recorder.record("pos\(level)") {
                layout.positions(channels: levelEmbedding.shape[1])[level]
                    .expandedDimensions(axis: 0).channelsFirst
            }
        }
        recorder.record("valid_ratios") { layout.validRatios.expandedDimensions(axis: 0) }
        recorder.record("padding_mask0") {
            let mask = paddingMask ?? Tensor(zeros: [height, width])
            let small = resizedNearest(
                mask.expandedDimensions(axis: 0), height: (height + 3) / 4, width: (width + 3) / 4)
            return Tensor(small.scalars.map { $0 ? 1 : 0 }, shape: small.shape)
        }
    }
}

/// Recorders of parts of the frames, whose tensors are joined along the axis of frames.
private struct FrameRecords {
    private let recorder: Recorder?
    private var parts: [Recorder] = []

    init(_ recorder: Recorder?) { self.recorder = recorder }

    /// The recorder of the next part.
    mutating func next() -> Recorder? {
        guard let part = recorder?.ofPart() else { return nil }
        parts.append(part)
        return part
    }

    func finish() {
        let tensors = parts.map(\.tensors)
        for name in tensors.first?.keys.sorted() ?? [] {
            recorder?.record(name) { concatenated(tensors.compactMap { $0[name] }, axis: 0) }
        }
    }
}
