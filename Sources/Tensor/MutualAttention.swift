import Kernels

/// `softmax(scale * k k^T) v`: ``cosineAttention(queries:keys:values:scale:excludingOwnGroupOf:)`` whose queries are its
/// keys, in less work, as the matrix of scores is symmetric.
///
/// A token that may attend to none gets NaN.
///
/// - Parameters:
///   - keys: `[tokens, keyWidth]`, of Euclidean length 1 at most.
///   - values: `[tokens, valueWidth]`.
///   - scale: The factor of the scores, above 0 and at most 32.
///   - groupSize: Where given, a token may not attend to the tokens of its own run of `groupSize` tokens (a frame's
///     tokens, in label propagation).
/// - Returns: `[tokens, valueWidth]`.
public func mutualAttention(
    keys: Tensor<Float>, values: Tensor<Float>, scale: Float,
    excludingOwnGroupOf groupSize: Int? = nil
) -> Tensor<Float> {
    precondition(
        keys.rank == 2 && values.rank == 2 && keys.shape[0] == values.shape[0],
        "mutualAttention: keys \(keys.shape) and values \(values.shape) are not of the same tokens")
    precondition(
        scale > 0 && scale <= largestCosineScale && groupSize ?? 1 > 0,
        "mutualAttention: groups of \(groupSize ?? 0) tokens of \(keys.shape) at scale \(scale)")
    let (k, v) = (keys.contiguous(), values.contiguous())
    let kernel = MutualAttention(
        tokens: keys.shape[0], keyWidth: keys.shape[1], valueWidth: values.shape[1], scale: scale,
        ownGroup: groupSize ?? 0)
    return Tensor(shape: values.shape) { buffer in
        guard let out = buffer.baseAddress, !buffer.isEmpty else { return }
        k.withUnsafeStorage { k in
            v.withUnsafeStorage { v in kernel.run(k, v, into: out) }
        }
    }.traced(
        from: [keys, keys, values, nil],
        as: .attention(heads: 1, scale: scale, keyPaddingMask: nil, groupSize: groupSize))
}
