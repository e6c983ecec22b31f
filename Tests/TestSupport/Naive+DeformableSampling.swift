import Tensor

extension Naive {
    /// Multi-scale deformable attention's sampling, element by element in double precision.
    ///
    /// `values` is `[frames, tokens, heads, width]`; the other operands have the axis of frames.
    public static func deformableSampling(
        values: Tensor<Float>, levels: [MapSize], offsets: Tensor<Float>, logits: Tensor<Float>,
        references: Tensor<Float>, validRatios: Tensor<Float>
    ) -> [Double] {
        let (frames, heads) = (values.shape[0], values.shape[2])
        let (queries, width) = (logits.shape[1], values.shape[3])
        let perHead = logits.shape[2] / heads
        let points = perHead / levels.count
        let (moves, weights) = (offsets.scalars.map(Double.init), logits.scalars.map(Double.init))
        let (places, ratios) = (
            references.scalars.map(Double.init), validRatios.scalars.map(Double.init)
        )
        let v = values.scalars
        let placeWidth = references.shape[2]
        var result: [Double] = []
        for at in indices(of: [frames, queries, heads]) {
            let (frame, head) = (at[0], at[2])
            let query = frame * queries + at[1]
            let first = (query * heads + head) * perHead
            let shares = softmax(Array(weights[first..<first + perHead]))
            let place = Array(places[query * placeWidth..<(query + 1) * placeWidth])
            var sums = [Double](repeating: 0, count: width)
            var start = 0
            for (l, level) in levels.enumerated() {
                func pixel(_ row: Int, _ column: Int, _ channel: Int) -> Double {
                    guard row >= 0, row < level.height, column >= 0, column < level.width else {
                        return 0
                    }
                    let token = frame * values.shape[1] + start + row * level.width + column
                    return Double(v[(token * heads + head) * width + channel])
                }
                /// The coordinate along one axis (0: x) in pixels from the centre of the first.
                func coordinate(_ point: Int, _ axis: Int, _ size: Int) -> Double {
                    let move = moves[(first + l * points + point) * 2 + axis]
                    let ratio = ratios[(frame * levels.count + l) * 2 + axis]
                    let step =
                        placeWidth == 2
                        ? move / Double(size)
                        : move / Double(points) * place[2 + axis] * ratio * 0.5
                    return (place[axis] * ratio + step) * Double(size) - 0.5
                }
                for p in 0..<points {
                    let (x, y) = (coordinate(p, 0, level.width), coordinate(p, 1, level.height))
                    guard x > -1, y > -1, x < Double(level.width), y < Double(level.height) else {
                        continue
                    }
                    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
                    let (right, down) = (x - Double(column), y - Double(row))
                    for c in 0..<width {
                        sums[c] +=
                            shares[l * points + p]
                            * ((1 - down) * (1 - right) * pixel(row, column, c)
                                + (1 - down) * right * pixel(row, column + 1, c)
                                + down * (1 - right) * pixel(row + 1, column, c)
                                + down * right * pixel(row + 1, column + 1, c))
                    }
                }
                start += level.count
            }
            result += sums
        }
        return result
    }
}
