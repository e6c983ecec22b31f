import Tensor

/// Attention of a clip's tokens, dense or with some keys left out.
package struct Attention: Operation {
    /// The clips or frames that do not see each other.
    package var batch = 1
    var queries: Int
    var keys: Int
    package let heads: Int
    /// Channels of a head.
    let width: Int
    /// How many of the keys, the last ones, are padding.
    var padding = 0

    package var scale: Float { 1 / Float(width).squareRoot() }

    package var operands: [Operand] {
        let channels = heads * width
        return [
            Operand("queries", [batch, queries, channels]),
            Operand("keys", [batch, keys, channels]),
            Operand("values", [batch, keys, channels]),
        ]
    }

    package var cost: Cost {
        .products(2 * batch * queries * (keys - padding) * heads * width)
    }

    package var keyPadding: [Bool]? {
        padding == 0 ? nil : (0..<keys).map { $0 >= keys - padding }
    }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (q, k, v) = (
            try operands["queries"], try operands["keys"], try operands["values"]
        )
        let mask = keyPadding.map { Tensor($0) }
        return {
            [
                attention(
                    queries: q, keys: k, values: v, heads: heads, scale: scale,
                    keyPaddingMask: mask)
            ]
        }
    }

    package var reduced: Self {
        var copy = self
        copy.batch = min(batch, 2)
        copy.queries = min(queries, 150)
        copy.keys = queries == keys ? copy.queries : min(keys, 170)
        copy.padding = min(padding, 40)
        return copy
    }
}
