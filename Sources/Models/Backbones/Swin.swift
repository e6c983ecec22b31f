import Checkpoints
import Layers
import Tensor

/// The Swin Transformer (Liu et al., 2021) as a backbone of four levels at strides 4, 8, 16 and 32.
///
/// A level is taken before its stage's merging and has a norm of its own; the next stage continues from
/// the tokens without it. Frames do not see each other: one at a time gives what all at once do.
/// (`SwinTransformer` of SeqFormer's `models/swin_transformer.py`.)
public struct Swin: FrameBackbone {
    /// The network's shape.
    public let configuration: SwinConfiguration

    private let embedding: PatchEmbedding
    private let stages: [SwinStage]
    private let norms: [LayerNorm]

    /// Loads `patch_embed`, `layers` and `norm0` ... `norm3`, the official names.
    public init(_ configuration: SwinConfiguration, weights: WeightScope) throws {
        precondition(
            configuration.depths.count == configuration.heads.count,
            "Swin: depths \(configuration.depths) and heads \(configuration.heads) differ in number"
        )
        self.configuration = configuration
        embedding = try PatchEmbedding(
            weights["patch_embed"], channels: configuration.embeddingWidth,
            patch: Self.square(configuration.patch), isPlanar: true)
        let levels = configuration.levelChannels
        stages = try levels.enumerated().map { index, channels in
            try SwinStage(
                weights["layers", index], channels: channels, depth: configuration.depths[index],
                heads: configuration.heads[index], window: Self.square(configuration.window),
                fit: .padding, feedForwardRatio: configuration.feedForwardRatio,
                merges: index < levels.count - 1)
        }
        norms = try levels.enumerated().map { index, channels in
            try LayerNorm(weights["norm\(index)"], channels: channels)
        }
    }

    /// The channels of each level.
    public var levelChannels: [Int] { configuration.levelChannels }

    /// The levels of `frames`, `[frames, height, width, 3]`, from `firstLevel` on, fine to coarse.
    ///
    /// The recorder is offered `backbone.patch_embed` and `backbone.stage0` ...,
    /// `[frames, channels, height, width]`.
    public func callAsFunction(
        _ frames: Tensor<Float>, firstLevel: Int, recorder: Recorder?
    ) -> [Tensor<Float>] {
        var stream = embedding(frames)
        recorder?.record("backbone.patch_embed") { stream.channelsFirst }
        var levels: [Tensor<Float>] = []
        for (index, (stage, norm)) in zip(stages, norms).enumerated() {
            stage.attend(within: &stream)
            let name = "backbone.stage\(index)"
            if index >= firstLevel || recorder?.wants(name) == true {
                let level = norm(stream)
                recorder?.record(name) { level.channelsFirst }
                if index >= firstLevel { levels.append(level) }
            }
            stage.merge(&stream)
        }
        return levels
    }

    private static func square(_ side: Int) -> WindowSize {
        WindowSize(frames: 1, height: side, width: side)
    }
}
