/// What ``deformableSampling(values:levels:offsets:logits:references:validRatios:)`` computes in one pass, as a
/// sequence of operations that have gradients. The operands are those, checked.
///
/// Each of the four pixels around each point is a row that is taken from the values: four times the memory of all
/// points.
func composedDeformableSampling(
    values: Tensor<Float>, levels: [MapSize], offsets: Tensor<Float>, logits: Tensor<Float>,
    references: Tensor<Float>, validRatios: Tensor<Float>
) -> Tensor<Float> {
    let (frames, tokens, heads) = (values.shape[0], values.shape[1], values.shape[2])
    let width = values.shape[3]
    let queries = logits.shape[logits.rank - 2]
    let points = logits.shape[logits.rank - 1] / (heads * levels.count)
    // What is the same for all frames has an axis of one.
    func framed(_ x: Tensor<Float>) -> Tensor<Float> {
        x.rank == 3 ? x : x.expandedDimensions(axis: 0)
    }
    let shares = softmax(
        framed(logits).reshaped(-1, queries, heads, levels.count * points), axis: 3)
    let moves = framed(offsets).reshaped(-1, queries, heads, levels.count, points, 2)
    let places = framed(references)
    let ratios = framed(validRatios)
    let rows = values.reshaped(frames * tokens * heads, width)

    var parts: [Tensor<Float>] = []
    var start = 0
    for (index, level) in levels.enumerated() {
        // Pixels of the map, x before y.
        let valid =
            ratios.sliced(axis: 1, index..<index + 1).reshaped(-1, 1, 1, 1, 2)
            * Tensor([Float(level.width), Float(level.height)], shape: [2])
        var step = moves.sliced(axis: 3, index..<index + 1).squeezed(axis: 3)
        if places.shape[2] == 4 {
            let box = places.sliced(axis: 2, 2..<4).reshaped(-1, queries, 1, 1, 2)
            step = step * box * valid * (0.5 / Float(points))
        }
        let centre = places.sliced(axis: 2, 0..<2).reshaped(-1, queries, 1, 1, 2)
        let pixels =
            centre * valid + step - 0.5 + Tensor(repeating: 0, shape: [frames, 1, 1, 1, 1])
        let share = shares.sliced(axis: 3, index * points..<(index + 1) * points)
        let map = SampledMap(level, start: start, tokens: tokens, heads: heads)
        parts.append(map.sum(of: rows, at: pixels, shares: share))
        start += level.count
    }
    let sum = parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    return sum.reshaped(frames, queries, heads * width)
}

/// One map of the pyramid, read between its pixels.
private struct SampledMap {
    private let size: MapSize
    private let start: Int
    private let tokens: Int
    private let heads: Int

    init(_ size: MapSize, start: Int, tokens: Int, heads: Int) {
        (self.size, self.start, self.tokens, self.heads) = (size, start, tokens, heads)
    }

    /// What the points of each query and head sum up to.
    ///
    /// - Parameters:
    ///   - rows: `[frames * tokens * heads, width]`.
    ///   - pixels: `[frames, queries, heads, points, 2]`, from the centre of the first pixel.
    ///   - shares: `[(frames or 1), queries, heads, points]`.
    /// - Returns: `[frames, queries, heads, width]`.
    func sum(
        of rows: Tensor<Float>, at pixels: Tensor<Float>, shares: Tensor<Float>
    ) -> Tensor<Float> {
        let x = pixels.sliced(axis: 4, 0..<1).squeezed(axis: 4)
        let y = pixels.sliced(axis: 4, 1..<2).squeezed(axis: 4)
        let left = Self.wholePixels(x, below: size.width)
        let top = Self.wholePixels(y, below: size.height)
        let (right, down) = (x - left, y - top)
        let corners = [(0, 0), (0, 1), (1, 0), (1, 1)].map { row, column in
            let weight =
                (row == 0 ? 1 - down : down) * (column == 0 ? 1 - right : right) * shares
            let (taken, isInside) = taps(left, top, row: row, column: column)
            let read = takeRows(rows, taken).reshaped(x.shape + [rows.shape[1]])
            return ((weight * isInside).expandedDimensions(axis: 4) * read).sum(axis: 3)
        }
        return corners[0] + corners[1] + corners[2] + corners[3]
    }

    /// The row of the pixel that lies `row` below and `column` right of each point's, and 0 where that is outside.
    private func taps(
        _ left: Tensor<Float>, _ top: Tensor<Float>, row: Int, column: Int
    ) -> (rows: [Int], isInside: Tensor<Float>) {
        let (lefts, tops) = (left.scalars, top.scalars)
        let points = left.shape[3]
        let perFrame = left.count / left.shape[0]
        var inside: [Float] = []
        let rows = lefts.indices.map { index in
            let (x, y) = (Int(lefts[index]) + column, Int(tops[index]) + row)
            let isInside = x >= 0 && x < size.width && y >= 0 && y < size.height
            inside.append(isInside ? 1 : 0)
            let token = isInside ? start + y * size.width + x : 0
            return (index / perFrame * tokens + token) * heads + index / points % heads
        }
        return (rows, Tensor(inside, shape: left.shape))
    }

    /// Rounded down; what is no number, or far outside, becomes something just outside.
    private static func wholePixels(_ x: Tensor<Float>, below length: Int) -> Tensor<Float> {
        Tensor(
            x.detached().scalars.map { min(max($0, -2), Float(length) + 1).rounded(.down) },
            shape: x.shape)
    }
}
