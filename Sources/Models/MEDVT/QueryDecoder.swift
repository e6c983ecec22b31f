import Checkpoints
import Layers
import Tensor

/// The query decoder: each layer lets the queries look at each other, then at one map of the pixel
/// decoder, the maps taking turns.
///
/// Paper section 3.3; `TransformerDecoder` in `avos/models/medvt_swin.py`.
struct QueryDecoder: Sendable {
    /// One map that the queries look at.
    struct Memory {
        /// `[tokens, channels]`.
        let tokens: Tensor<Float>
        /// The tokens with their positions, `[tokens, channels]`.
        let keys: Tensor<Float>
        /// `[tokens]`, true where a token is ignored.
        let keyPaddingMask: Tensor<Bool>?

        init(
            tokens: Tensor<Float>, positions: Tensor<Float>, keyPaddingMask: Tensor<Bool>?
        ) {
            self.tokens = tokens
            keys = tokens + positions
            self.keyPaddingMask = keyPaddingMask
        }
    }

    private let layers: [DecoderLayer]
    private let norm: LayerNorm

    init(
        _ weights: WeightScope, layers count: Int, channels: Int, heads: Int, hidden: Int
    ) throws {
        layers = try (0..<count).map {
            try DecoderLayer(
                weights["layers", $0], channels: channels, heads: heads, hidden: hidden)
        }
        norm = try LayerNorm(weights["norm"], channels: channels)
    }

    /// The queries after all layers, normalised, `[queries, channels]`.
    func callAsFunction(
        _ target: Tensor<Float>, queryPositions: Tensor<Float>, memories: [Memory],
        recorder: Recorder?
    ) -> Tensor<Float> {
        var queries = target
        for (index, layer) in layers.enumerated() {
            queries = layer(
                queries, queryPositions: queryPositions, memory: memories[index % memories.count])
            recorder?.record("decoder.layer\(index)") { queries.batchedTokens }
        }
        queries = norm(queries)
        recorder?.record("decoder.hs") { queries.batchedTokens }
        return queries
    }
}
