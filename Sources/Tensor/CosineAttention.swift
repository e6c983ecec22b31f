import Kernels

/// `softmax(scale * q k^T) v`: ``attention(queries:keys:values:heads:scale:bias:keyPaddingMask:excludingOwnGroupOf:)`` of
/// one head whose scores are cosines, in less work: weights are relative to the largest score that could be, and
/// nothing looks for the largest there is.
///
/// A query that may attend to none gets NaN.
///
/// - Parameters:
///   - queries: `[queries, keyWidth]`, of Euclidean length 1 at most.
///   - keys: `[keys, keyWidth]`, of Euclidean length 1 at most.
///   - values: `[keys, valueWidth]`.
///   - scale: The factor of the scores, above 0 and at most 32.
///   - groupSize: Where given, a token may not attend to the tokens of its own run of `groupSize` tokens (a frame's
///     tokens, in label propagation).
/// - Returns: `[queries, valueWidth]`.
public func cosineAttention(
    queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>, scale: Float,
    excludingOwnGroupOf groupSize: Int? = nil
) -> Tensor<Float> {
    precondition(
        queries.rank == 2 && keys.rank == 2 && values.rank == 2
            && queries.shape[1] == keys.shape[1] && keys.shape[0] == values.shape[0],
        "cosineAttention: queries \(queries.shape), keys \(keys.shape) and values \(values.shape) do not "
            + "fit")
    precondition(
        scale > 0 && scale <= largestCosineScale && groupSize ?? 1 > 0,
        "cosineAttention: groups of \(groupSize ?? 0) tokens of \(queries.shape) at scale \(scale)")
    let (q, k, v) = (queries.contiguous(), keys.contiguous(), values.contiguous())
    return Tensor(shape: [queries.shape[0], values.shape[1]]) { buffer in
        guard let out = buffer.baseAddress, !buffer.isEmpty else { return }
        q.withUnsafeStorage { q in
            k.withUnsafeStorage { k in
                v.withUnsafeStorage { v in
                    parallelAttention(
                        batch: 1, heads: 1, queries: queries.shape[0], keys: keys.shape[0],
                        keyWidth: keys.shape[1], valueWidth: values.shape[1], scale: scale, q, k, v,
                        bias: nil, keyMask: nil, ownGroup: groupSize ?? 0, areCosines: true,
                        into: out)
                }
            }
        }
    }.traced(
        from: [queries, keys, values, nil],
        as: .attention(heads: 1, scale: scale, keyPaddingMask: nil, groupSize: groupSize))
}
