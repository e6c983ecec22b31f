import Tensor

/// Label propagation: tokens gather values from the other frames of a clip by the cosine of their keys.
package struct Propagation: Operation {
    var frames: Int
    /// The tokens of a frame.
    package var frame: Int
    let keyWidth: Int
    let valueWidth: Int
    /// Whether the queries are the keys.
    package let isMutual: Bool

    /// One over the temperature.
    package let scale: Float = 30

    private var tokens: Int { frames * frame }

    package var operands: [Operand] {
        // No key is longer than 1.
        let range = 1 / Float(keyWidth).squareRoot()
        return (isMutual ? ["keys"] : ["queries", "keys"]).map {
            Operand($0, [tokens, keyWidth], scale: range)
        } + [Operand("values", [tokens, valueWidth])]
    }

    package var cost: Cost { .products(tokens * (tokens - frame) * (keyWidth + valueWidth)) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (keys, values) = (try operands["keys"], try operands["values"])
        if isMutual {
            return {
                [
                    mutualAttention(
                        keys: keys, values: values, scale: scale, excludingOwnGroupOf: frame)
                ]
            }
        }
        let queries = try operands["queries"]
        return {
            [
                cosineAttention(
                    queries: queries, keys: keys, values: values, scale: scale,
                    excludingOwnGroupOf: frame)
            ]
        }
    }

    package var reduced: Self {
        var copy = self
        copy.frames = 3
        copy.frame = 110
        return copy
    }
}
