import Checkpoints
import Layers
import Tensor

/// A transformer encoder layer with the normalisation after each residual sum, or with none.
///
/// Queries and keys carry the positions, values do not. Paper section 3.2; `TransformerEncoderLayer` in
/// `avos/models/medvt_swin.py` and `medvt_resnet.py`.
struct EncoderLayer: Sendable {
    private let attention: MultiHeadAttention
    private let feedForward: ResidualFeedForward
    private let norm: LayerNorm?

    init(
        _ weights: WeightScope, channels: Int, heads: Int, hidden: Int, normalized: Bool
    ) throws {
        attention = try MultiHeadAttention(weights["self_attn"], channels: channels, heads: heads)
        feedForward = try ResidualFeedForward(
            weights, channels: channels, hidden: hidden,
            norm: normalized ? weights["norm2"] : nil)
        norm = normalized ? try LayerNorm(weights["norm1"], channels: channels) : nil
    }

    /// The layer's output for `tokens`, `[tokens, channels]`, at `positions` of the same shape.
    func callAsFunction(
        _ tokens: Tensor<Float>, positions: Tensor<Float>, keyPaddingMask: Tensor<Bool>?
    ) -> Tensor<Float> {
        let placed = tokens + positions
        let output = attention(
            queries: placed, keys: placed, values: tokens, keyPaddingMask: keyPaddingMask,
            residual: tokens)
        return feedForward(norm.map { $0(output) } ?? output)
    }
}
