import Checkpoints
import Layers
import Tensor

/// The encoder's layer between two resolutions: tokens of the finer level attend to those of the deeper
/// one, whose statistics are aligned to theirs first.
///
/// Paper section 3.2; `CrossResolutionEncoderLayer` in `avos/models/medvt_swin.py` and
/// `medvt_resnet.py`, which differ. Both official attention masks are implied by the key padding mask:
/// the two levels have one size when they meet, so the padded keys are the same.
struct CrossResolutionLayer: Sendable {
    /// What the Swin models add: a fusion of both levels before the alignment, a scale and shift after
    /// it, and an embedding that tells the levels apart.
    private struct Fusion {
        let deep: Linear
        let shallow: Linear
        let output: Linear
        let scale: Tensor<Float>
        let shift: Tensor<Float>
        let deepEmbedding: Tensor<Float>
        let shallowEmbedding: Tensor<Float>

        init(_ weights: WeightScope, channels: Int) throws {
            func linear(_ name: String) throws -> Linear {
                try Linear(weights[name], inputs: channels, outputs: channels)
            }
            deep = try linear("fuse_linear1")
            shallow = try linear("fuse_linear2")
            output = try linear("fuse_linear3")
            scale = try weights.tensor("gamma", shape: [channels])
            shift = try weights.tensor("beta", shape: [channels])
            deepEmbedding = try weights["res_embed"].tensor("weight", shape: [1, channels])
            shallowEmbedding = try weights["res_embed_shallow"].tensor(
                "weight", shape: [1, channels])
        }
    }

    private let fusion: Fusion?
    private let attention: MultiHeadAttention
    private let norm: LayerNorm?
    private let feedForward: ResidualFeedForward

    /// The layer of the Swin models: fused levels, no normalisation.
    init(fused weights: WeightScope, channels: Int, heads: Int, hidden: Int) throws {
        fusion = try Fusion(weights, channels: channels)
        attention = try MultiHeadAttention(weights["self_attn"], channels: channels, heads: heads)
        norm = nil
        feedForward = try ResidualFeedForward(
            weights, channels: channels, hidden: hidden, norm: nil)
    }

    /// The layer of the ResNet models: aligned levels, normalised after each residual sum.
    init(aligned weights: WeightScope, channels: Int, heads: Int, hidden: Int) throws {
        fusion = nil
        attention = try MultiHeadAttention(weights["self_attn"], channels: channels, heads: heads)
        norm = try LayerNorm(weights["norm1"], channels: channels)
        feedForward = try ResidualFeedForward(
            weights, channels: channels, hidden: hidden, norm: weights["norm2"])
    }

    /// The finer level's tokens, `[tokens, channels]`, after looking at the deeper level's.
    ///
    /// Both have the same number of tokens: a deeper level of another size is enlarged before.
    /// `positions` and `keyPaddingMask` are those of that size.
    func callAsFunction(
        deep: Tensor<Float>, shallow: Tensor<Float>, positions: Tensor<Float>,
        keyPaddingMask: Tensor<Bool>?
    ) -> Tensor<Float> {
        let output: Tensor<Float>
        if let fusion {
            let fused = fusion.output(
                fusion.deep(deep, activation: .relu) + fusion.shallow(shallow, activation: .relu))
            let keys = aligned(fused, from: deep, to: shallow) * fusion.scale + fusion.shift
            output = attention(
                queries: shallow + positions + fusion.shallowEmbedding,
                keys: keys + positions + fusion.deepEmbedding, values: shallow,
                keyPaddingMask: keyPaddingMask, residual: shallow)
        } else {
            let keys = aligned(deep, from: deep, to: shallow)
            output = attention(
                queries: shallow + positions, keys: keys + positions, values: keys,
                keyPaddingMask: keyPaddingMask, residual: shallow)
        }
        return feedForward(norm.map { $0(output) } ?? output)
    }

    /// `tokens` with each channel's mean and deviation over `source` replaced by those over `target`.
    ///
    /// Where some channel of `source` is constant, no channel is divided by its deviation.
    private func aligned(
        _ tokens: Tensor<Float>, from source: Tensor<Float>, to target: Tensor<Float>
    ) -> Tensor<Float> {
        var result = tokens - source.mean(axis: 0, keepDims: true)
        let deviation = sqrt(source.variance(axis: 0, keepDims: true, unbiased: true))
        if deviation.scalars.allSatisfy({ $0 > 1e-10 }) { result = result / deviation }
        return result * sqrt(target.variance(axis: 0, keepDims: true, unbiased: true))
            + target.mean(axis: 0, keepDims: true)
    }
}
