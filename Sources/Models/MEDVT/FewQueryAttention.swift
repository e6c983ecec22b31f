import Checkpoints
import Layers
import Tensor

/// Multi-head attention of a few queries over many tokens, with the tensors of PyTorch's
/// `nn.MultiheadAttention`.
///
/// The projections of keys and values are not applied to the tokens but carried over to the other side:
/// `q . (Wk x) = (Wk^T q) . x`, and a weighted mean of `Wv x` is `Wv` times that of `x`. With six queries
/// and eight heads, two products of 48 columns take the place of two of 384, and no projected tokens are
/// stored. The keys' bias adds the same to all scores of a query, so the softmax does not see it.
package struct FewQueryAttention: Sendable {
    private let heads: Int
    private let channels: Int
    private let queryProjection: Linear
    /// `[heads, channels / heads, channels]`.
    private let keyWeight: Tensor<Float>
    /// `[heads, channels, channels / heads]`.
    private let valueWeight: Tensor<Float>
    /// `[heads, 1, channels / heads]`.
    private let valueBias: Tensor<Float>
    private let outputProjection: Linear

    /// Takes `in_proj_weight`, `in_proj_bias`, `out_proj.weight` and `out_proj.bias`.
    package init(_ weights: WeightScope, channels: Int, heads: Int) throws {
        precondition(
            heads > 0 && channels % heads == 0,
            "FewQueryAttention: \(channels) channels do not divide into \(heads) heads")
        let weight = try weights.tensor("in_proj_weight", shape: [3 * channels, channels])
            .reshaped(3, heads, channels / heads, channels)
        let bias = try weights.tensor("in_proj_bias", shape: [3 * channels])
            .reshaped(3, heads, 1, channels / heads)
        self.heads = heads
        self.channels = channels
        queryProjection = Linear(
            weight: weight[0].reshaped(channels, channels), bias: bias[0].reshaped(channels))
        keyWeight = weight[1]
        valueWeight = weight[2].transposed(0, 2, 1)
        valueBias = bias[2]
        outputProjection = try Linear(weights["out_proj"], inputs: channels, outputs: channels)
    }

    /// What each query, `[queries, channels]`, gathers from `values`, `[tokens, channels]`, by the
    /// likeness of `keys` to it; plus `residual`, of the queries' shape.
    ///
    /// - Parameter keyPaddingMask: `[tokens]`, true where a token is left out.
    package func callAsFunction(
        queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>,
        keyPaddingMask: Tensor<Bool>?, residual: Tensor<Float>
    ) -> Tensor<Float> {
        let (count, tokens, width) = (queries.shape[0], keys.shape[0], channels / heads)
        let scale = 1 / Float(width).squareRoot()
        let projected = (queryProjection(queries) * scale).reshaped(count, heads, width)
        let directions = matmul(projected.transposed(1, 0, 2), keyWeight)
            .reshaped(heads * count, channels)
        var scores = matmul(directions, keys.transposed(1, 0))
        if let keyPaddingMask {
            scores += Tensor(
                keyPaddingMask.scalars.map { $0 ? -Float.infinity : 0 }, shape: [1, tokens])
        }
        let pooled = matmul(softmax(scores, axis: 1), values).reshaped(heads, count, channels)
        let gathered = matmul(pooled, valueWeight) + valueBias
        return outputProjection(
            gathered.transposed(1, 0, 2).reshaped(count, channels), residual: residual)
    }
}
