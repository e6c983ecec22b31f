import Tensor

/// Multi-scale deformable attention between its projections: 8 heads of 32 channels, 4 points on each
/// level, offsets of up to four pixels.
package struct DeformableSampling: Operation {
    package var frames: Int
    /// Height and width of each level.
    package var levels: [[Int]]
    /// Where nil, a query is a token of the maps, and refers to its own place; else to any.
    var queries: Int?

    private static let (heads, width, points) = (8, 32, 4)

    package var maps: [MapSize] { levels.map { MapSize(height: $0[0], width: $0[1]) } }

    package var tokens: Int { maps.reduce(0) { $0 + $1.count } }

    private var samplesOfQuery: Int { Self.heads * levels.count * Self.points }

    package var operands: [Operand] {
        let queries = queries ?? tokens
        return [
            Operand("values", [frames, tokens, Self.heads, Self.width]),
            Operand("offsets", [frames, queries, 2 * samplesOfQuery], scale: 4),
            Operand("logits", [frames, queries, samplesOfQuery]),
            Operand("references", [queries, 2], base: 0.5, scale: 0.5),
        ]
    }

    /// Of the four pixels of each sample.
    package var cost: Cost {
        .products(4 * frames * (queries ?? tokens) * samplesOfQuery * Self.width)
    }

    package func references(_ operands: Operands) throws -> Tensor<Float> {
        guard queries == nil else { return try operands["references"] }
        let places = maps.flatMap { map in
            (0..<map.count).flatMap { token -> [Float] in
                let (row, column) = (Float(token / map.width), Float(token % map.width))
                return [(column + 0.5) / Float(map.width), (row + 0.5) / Float(map.height)]
            }
        }
        return Tensor(places, shape: [tokens, 2])
    }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (values, offsets) = (try operands["values"], try operands["offsets"])
        let (logits, references) = (try operands["logits"], try references(operands))
        return {
            [
                deformableSampling(
                    values: values, levels: maps, offsets: offsets, logits: logits,
                    references: references)
            ]
        }
    }

    package var reduced: Self {
        var copy = self
        copy.frames = min(frames, 2)
        copy.levels = [[5, 8], [3, 4], [2, 2], [1, 1]]
        copy.queries = queries.map { min($0, 30) }
        return copy
    }
}
