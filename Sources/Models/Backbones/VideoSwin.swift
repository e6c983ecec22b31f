import Checkpoints
import Layers
import Tensor

/// The Video Swin Transformer (Liu et al., 2022) as a backbone of four levels.
///
/// A level is taken after its stage's merging, so the strides are 8, 16, 32 and 32 with patches of four
/// pixels; each level has a norm of its own and the next stage continues from the tokens without it.
/// (`SwinTransformer3D` of MED-VT's `swin_transformer_3d.py`.)
public struct VideoSwin: Backbone {
    /// The network's shape.
    public let configuration: VideoSwinConfiguration

    private let embedding: PatchEmbedding
    private let stages: [SwinStage]
    private let norms: [LayerNorm]

    /// Loads `patch_embed`, `layers` and `norm_layers`.
    public init(_ configuration: VideoSwinConfiguration, weights: WeightScope) throws {
        precondition(
            configuration.depths.count == configuration.heads.count,
            "VideoSwin: depths \(configuration.depths) and heads \(configuration.heads) differ in number"
        )
        self.configuration = configuration
        embedding = try PatchEmbedding(
            weights["patch_embed"], channels: configuration.embeddingWidth,
            patch: configuration.patch)
        let stageCount = configuration.depths.count
        stages = try (0..<stageCount).map { index in
            try SwinStage(
                weights["layers", index], channels: configuration.embeddingWidth << index,
                depth: configuration.depths[index], heads: configuration.heads[index],
                window: configuration.window, fit: .shrinking,
                feedForwardRatio: configuration.feedForwardRatio,
                merges: index < stageCount - 1)
        }
        norms = try configuration.levelChannels.enumerated().map { index, channels in
            try LayerNorm(weights["norm_layers", index], channels: channels)
        }
    }

    /// The channels of each level.
    public var levelChannels: [Int] { configuration.levelChannels }

    /// The levels of `frames`, `[frames, height, width, 3]`, from `firstLevel` on, fine to coarse.
    ///
    /// The recorder is offered `backbone.patch_embed` and `backbone.stage0` ...,
    /// `[1, channels, frames, height, width]`.
    public func callAsFunction(
        _ frames: Tensor<Float>, firstLevel: Int, recorder: Recorder?
    ) -> [Tensor<Float>] {
        var stream = embedding(frames)
        recorder?.record("backbone.patch_embed") { Self.official(stream) }
        return zip(stages, norms).enumerated().compactMap { index, pair in
            let (stage, norm) = pair
            stage(&stream)
            let name = "backbone.stage\(index)"
            guard index >= firstLevel || recorder?.wants(name) == true else { return nil }
            let level = norm(stream)
            recorder?.record(name) { Self.official(level) }
            return index < firstLevel ? nil : level
        }
    }

    private static func official(_ x: Tensor<Float>) -> Tensor<Float> {
        x.transposed(3, 0, 1, 2).expandedDimensions(axis: 0)
    }
}

extension VideoSwinConfiguration {
    /// The channels of each level: a merging doubles them, and the last stage has none.
    public var levelChannels: [Int] {
        depths.indices.map { embeddingWidth << min($0 + 1, depths.count - 1) }
    }
}
