import Kernels
import Tensor

/// The gradients of attention by its operands, each of its operand's shape.
///
/// The probabilities are computed again, block of queries by block of queries: the matrix of all scores is
/// never in memory. Ranks and shapes are those of `attention`; a query whose keys are all excluded gives NaN,
/// as there.
///
/// - Parameters:
///   - result: Of the attention, `[(batch,) queries, heads * valueWidth]`.
///   - gradient: By the result.
///   - wantsBias: Whether the gradient by the bias, summed over the batch, is computed.
package func attentionGradients(
    queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>, heads: Int, scale: Float,
    bias: Tensor<Float>?, keyPaddingMask: Tensor<Bool>?, excludingOwnGroupOf groupSize: Int?,
    result: Tensor<Float>, gradient: Tensor<Float>, wantsBias: Bool
) -> (
    queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>, bias: Tensor<Float>?
) {
    let rank = queries.rank
    precondition(
        (rank == 2 || rank == 3) && keys.rank == rank && values.rank == rank && heads > 0
            && result.shape == gradient.shape
            && result.shape == queries.shape.dropLast() + values.shape.suffix(1),
        "attentionGradients: queries \(queries.shape), keys \(keys.shape), values \(values.shape), "
            + "result \(result.shape), gradient \(gradient.shape)")
    let shape = AttentionShape(
        batch: rank == 3 ? queries.shape[0] : 1, heads: heads, queries: queries.shape[rank - 2],
        keys: keys.shape[rank - 2], keyWidth: keys.shape[rank - 1] / heads,
        valueWidth: values.shape[rank - 1] / heads)
    let mask = keyPaddingMask.map { mask in
        Tensor<Float>(mask.scalars.map { $0 ? -Float.infinity : 0 })
    }
    var byQueries = Tensor<Float>(zeros: queries.shape)
    var byKeys = Tensor<Float>(zeros: keys.shape)
    var byValues = Tensor<Float>(zeros: values.shape)
    var byBias = Tensor<Float>(
        zeros: wantsBias ? [shape.batch, heads, shape.queries, shape.keys] : [0])
    if shape.batch * shape.queries * shape.keys > 0 {
        withAddresses([queries, keys, values, result, gradient]) { operand in
            withOptionalAddress(bias) { bias in
                withOptionalAddress(mask) { mask in
                    byQueries.withMutableAddress { toQueries in
                        byKeys.withMutableAddress { toKeys in
                            byValues.withMutableAddress { toValues in
                                byBias.withMutableAddress { toBias in
                                    parallelAttentionGradients(
                                        shape, scale: scale, queries: operand[0],
                                        keys: operand[1], values: operand[2], bias: bias,
                                        keyMask: mask, ownGroup: groupSize ?? 0,
                                        result: operand[3], gradient: operand[4],
                                        byQueries: toQueries, byKeys: toKeys, byValues: toValues,
                                        byBias: wantsBias ? toBias : nil)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    return (byQueries, byKeys, byValues, wantsBias ? byBias.sum(axis: 0) : nil)
}
