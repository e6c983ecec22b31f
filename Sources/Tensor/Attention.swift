import Kernels

/// `softmax(scale * q k^T + bias) v` for every head, without the matrix of all scores in memory.
///
/// A query whose keys are all excluded gets NaN, as in PyTorch.
///
/// - Parameters:
///   - queries: `[queries, heads * keyWidth]` or `[batch, queries, heads * keyWidth]`.
///   - keys: `[(batch,) keys, heads * keyWidth]`.
///   - values: `[(batch,) keys, heads * valueWidth]`.
///   - scale: The factor of the scores, usually `keyWidth^-0.5`.
///   - bias: `[heads, queries, keys]`, added to the scores.
///   - keyPaddingMask: `[keys]`; keys where it is true are excluded.
///   - groupSize: Where given, a token may not attend to the tokens of its own run of `groupSize`
///     tokens (a frame's tokens, in label propagation). `scale` is positive then.
/// - Returns: `[(batch,) queries, heads * valueWidth]`.
public func attention(
    queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>, heads: Int, scale: Float,
    bias: Tensor<Float>? = nil, keyPaddingMask: Tensor<Bool>? = nil,
    excludingOwnGroupOf groupSize: Int? = nil
) -> Tensor<Float> {
    let rank = queries.rank
    precondition(
        (rank == 2 || rank == 3) && keys.rank == rank && values.rank == rank
            && keys.shape.dropLast() == values.shape.dropLast()
            && queries.shape.dropLast(2) == keys.shape.dropLast(2)
            && queries.shape[rank - 1] == keys.shape[rank - 1]
            && heads > 0 && keys.shape[rank - 1] % heads == 0
            && values.shape[rank - 1] % heads == 0,
        "attention: queries \(queries.shape), keys \(keys.shape) and values \(values.shape) do not "
            + "fit \(heads) heads")
    let batch = rank == 3 ? queries.shape[0] : 1
    let queryCount = queries.shape[rank - 2]
    let keyCount = keys.shape[rank - 2]
    let keyWidth = keys.shape[rank - 1] / heads
    let valueWidth = values.shape[rank - 1] / heads
    precondition(
        bias.map { $0.shape == [heads, queryCount, keyCount] } ?? true,
        "attention: bias \(bias?.shape ?? []) is not \([heads, queryCount, keyCount])")
    precondition(
        keyPaddingMask.map { $0.shape == [keyCount] } ?? true,
        "attention: keyPaddingMask \(keyPaddingMask?.shape ?? []) is not \([keyCount])")
    // Excluded scores are minus infinity before they are scaled.
    precondition(
        groupSize.map { $0 > 0 && scale > 0 } ?? true,
        "attention: groups of \(groupSize ?? 0) tokens of \(queries.shape) at scale \(scale)")
    let mask = keyPaddingMask.map { mask in
        Tensor<Float>(mask.scalars.map { $0 ? -Float.infinity : 0 })
    }
    var shape = queries.shape
    shape[rank - 1] = heads * valueWidth
    let (q, k, v, b) = (
        queries.contiguous(), keys.contiguous(), values.contiguous(), bias?.contiguous()
    )
    return Tensor(shape: shape) { buffer in
        guard let out = buffer.baseAddress, !buffer.isEmpty else { return }
        q.withUnsafeStorage { q in
            k.withUnsafeStorage { k in
                v.withUnsafeStorage { v in
                    withOptionalStorage(b) { bias in
                        withOptionalStorage(mask) { mask in
                            parallelAttention(
                                batch: batch, heads: heads, queries: queryCount, keys: keyCount,
                                keyWidth: keyWidth, valueWidth: valueWidth, scale: scale, q, k, v,
                                bias: bias, keyMask: mask, ownGroup: groupSize ?? 0, into: out)
                        }
                    }
                }
            }
        }
    }.traced(
        from: [queries, keys, values, bias],
        as: .attention(
            heads: heads, scale: scale, keyPaddingMask: keyPaddingMask, groupSize: groupSize))
}
