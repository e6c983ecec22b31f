import Checkpoints
import Layers
import Tensor

/// A layer of Deformable DETR's encoder: tokens of all levels look at a few points of all levels.
///
/// `DeformableTransformerEncoderLayer` in `models/deformable_transformer.py`.
struct DeformableEncoderLayer: Sendable {
    private let attention: MultiScaleDeformableAttention
    private let attentionNorm: LayerNorm
    private let feedForward: FeedForward
    private let norm: LayerNorm

    init(_ weights: WeightScope, _ configuration: SeqFormerConfiguration) throws {
        let channels = configuration.hiddenDimension
        let attentionWeights = weights["self_attn"]
        attention = try MultiScaleDeformableAttention(
            attentionWeights, channels: channels, heads: configuration.heads,
            levels: configuration.levels, points: configuration.points)
        // Only the decoder projects twice; the module has both everywhere.
        attentionWeights.ignoreAll(below: "output_proj_box")
        attentionNorm = try LayerNorm(weights["norm1"], channels: channels)
        feedForward = try FeedForward(
            weights, channels: channels, hidden: configuration.feedForwardDimension)
        norm = try LayerNorm(weights["norm2"], channels: channels)
    }

    /// The tokens of `pyramid` after the layer, `[frames, tokens, channels]`.
    ///
    /// - Parameters:
    ///   - positions: `[tokens, channels]`, added to the tokens where they ask.
    ///   - references: `[tokens, 2]`, where each token lies in the valid area.
    func callAsFunction(
        _ pyramid: TokenPyramid, positions: Tensor<Float>, references: Tensor<Float>
    ) -> Tensor<Float> {
        let tokens = pyramid.tokens
        let seen = attentionNorm(
            attention(
                queries: tokens + positions, references: references, memory: pyramid,
                residual: tokens))
        return norm(feedForward(seen, residual: seen))
    }
}
