import Checkpoints
import Tensor

/// Multi-head attention (Vaswani et al. 2017, section 3.2.2) with the tensors of PyTorch's
/// `nn.MultiheadAttention`.
public struct MultiHeadAttention: Sendable {
    private let queryProjection: Linear
    private let keyProjection: Linear
    private let valueProjection: Linear
    private let outputProjection: Linear
    private let heads: Int
    private let scale: Float

    /// Takes `in_proj_weight` `[3 channels, channels]` and `in_proj_bias` (queries, keys, values, in
    /// this order), `out_proj.weight` and `out_proj.bias`.
    public init(_ weights: WeightScope, channels: Int, heads: Int) throws {
        let weight = try weights.tensor("in_proj_weight", shape: [3 * channels, channels])
        let bias = try weights.tensor("in_proj_bias", shape: [3 * channels])
        let third = { (index: Int) in
            let rows = index * channels..<(index + 1) * channels
            return Linear(weight: weight[rows], bias: bias[rows].contiguous())
        }
        queryProjection = third(0)
        keyProjection = third(1)
        valueProjection = third(2)
        outputProjection = try Linear(weights["out_proj"], inputs: channels, outputs: channels)
        self.heads = heads
        scale = 1 / Float(channels / heads).squareRoot()
    }

    /// What each query gathers from the values, by the likeness of their keys to it.
    ///
    /// - Parameters:
    ///   - queries: `[queries, channels]` or `[batch, queries, channels]`.
    ///   - keys: `[(batch,) keys, channels]`; `values` likewise.
    ///   - keyPaddingMask: `[keys]`, true where a key is left out.
    ///   - residual: Added to the result; of its shape.
    /// - Returns: `[(batch,) queries, channels]`.
    public func callAsFunction(
        queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>,
        keyPaddingMask: Tensor<Bool>? = nil, residual: Tensor<Float>? = nil
    ) -> Tensor<Float> {
        let gathered = attention(
            queries: queryProjection(queries), keys: keyProjection(keys),
            values: valueProjection(values), heads: heads, scale: scale,
            keyPaddingMask: keyPaddingMask)
        return outputProjection(gathered, residual: residual)
    }
}
