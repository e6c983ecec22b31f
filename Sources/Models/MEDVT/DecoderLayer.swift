import Checkpoints
import Layers
import Tensor

/// A transformer decoder layer with the normalisation after each residual sum.
struct DecoderLayer: Sendable {
    private let selfAttention: MultiHeadAttention
    private let crossAttention: FewQueryAttention
    private let feedForward: ResidualFeedForward
    private let selfNorm: LayerNorm
    private let crossNorm: LayerNorm

    init(_ weights: WeightScope, channels: Int, heads: Int, hidden: Int) throws {
        selfAttention = try MultiHeadAttention(
            weights["self_attn"], channels: channels, heads: heads)
        crossAttention = try FewQueryAttention(
            weights["multihead_attn"], channels: channels, heads: heads)
        feedForward = try ResidualFeedForward(
            weights, channels: channels, hidden: hidden, norm: weights["norm3"])
        selfNorm = try LayerNorm(weights["norm1"], channels: channels)
        crossNorm = try LayerNorm(weights["norm2"], channels: channels)
    }

    /// The queries, `[queries, channels]`, after looking at each other and at `memory`.
    func callAsFunction(
        _ target: Tensor<Float>, queryPositions: Tensor<Float>, memory: QueryDecoder.Memory
    ) -> Tensor<Float> {
        var placed = target + queryPositions
        var queries = selfNorm(
            selfAttention(queries: placed, keys: placed, values: target, residual: target))
        placed = queries + queryPositions
        queries = crossNorm(
            crossAttention(
                queries: placed, keys: memory.keys, values: memory.tokens,
                keyPaddingMask: memory.keyPaddingMask, residual: queries))
        return feedForward(queries)
    }
}
