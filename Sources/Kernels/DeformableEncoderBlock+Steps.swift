extension DeformableEncoderBlock {
    private var width: Int { channels / weights.heads }

    /// Whether the values lie head by head: a task that samples one head then finds them close together.
    private var liesByHead: Bool { width % PackedPanels.width == 0 }

    private func values(_ start: UnsafePointer<Float>, frame: Int) -> DeformableSampling.Values {
        DeformableSampling.Values(
            start + frame &* tokens &* channels, frameStride: 0,
            tokenStride: liesByHead ? width : channels,
            headStride: liesByHead ? tokens &* width : width)
    }

    /// Writes the values of some tokens of a frame, zeros where they are padding.
    func project(
        _ x: UnsafePointer<Float>, frame: Int, _ rows: Range<Int>,
        into values: UnsafeMutablePointer<Float>
    ) {
        let from = x + (frame &* tokens &+ rows.lowerBound) &* channels
        let into = values + frame &* tokens &* channels
        let heads = liesByHead ? weights.heads : 1
        let columns = channels / heads
        for head in 0..<heads {
            let block = into + (head &* tokens &+ rows.lowerBound) &* columns
            let first = head &* columns
            packedProduct(
                rows: 0..<rows.count, columns: first..<first &+ columns, inner: 0..<channels, from,
                strideA: channels, weights.value.weight, into: block - first, strideC: columns,
                epilogue: Epilogue(bias: weights.value.bias.values))
            guard let mask = paddingMask else { continue }
            for row in rows where mask[frame &* tokens &+ row] {
                clearFloats(block + (row &- rows.lowerBound) &* columns, count: columns)
            }
        }
    }

    /// Takes some tokens of a frame through the layer.
    func attend(
        _ x: UnsafePointer<Float>, values: UnsafePointer<Float>, frame: Int, _ rows: Range<Int>,
        into result: UnsafeMutablePointer<Float>
    ) {
        let count = rows.count
        let start = (frame &* tokens &+ rows.lowerBound) &* channels
        let samples = weights.logits.weight.columns
        let hidden = min(Self.hiddenPerStep, weights.first.weight.columns)
        let wide = max(2 &* samples, hidden)
        withScratch(floats: count &* (2 &* channels &+ wide &+ samples)) { queries in
            let seen = queries + count &* channels
            let offsets = seen + count &* channels
            let logits = offsets + count &* wide
            add(positions + rows.lowerBound &* channels, to: x + start, count &* channels, queries)
            weights.offsets(rows: count, queries, into: offsets)
            weights.logits(rows: count, queries, into: logits)
            // The queries have done their part; what they find takes their place.
            let found = queries
            DeformableSampling(
                levels: levels, frames: 1, queries: count, heads: weights.heads, width: width,
                points: weights.points, values: self.values(values, frame: frame),
                offsets: .init(offsets, frameStride: 0), logits: .init(logits, frameStride: 0),
                references: .init(references + 2 &* rows.lowerBound, frameStride: 0),
                referenceWidth: 2,
                validRatios: .init(
                    validRatios.start + frame &* validRatios.frameStride, frameStride: 0)
            ).sampleHere(into: found)
            weights.output(rows: count, found, residual: x + start, into: seen)
            weights.attentionNorm(rows: count, seen, into: seen)
            feedForward(seen, rows: count, hidden: offsets, into: result + start)
            weights.norm(rows: count, result + start, into: result + start)
        }
    }

    /// Writes `seen + second(relu(first(seen)))`, some hidden channels at a time.
    private func feedForward(
        _ seen: UnsafePointer<Float>, rows: Int, hidden: UnsafeMutablePointer<Float>,
        into result: UnsafeMutablePointer<Float>
    ) {
        let (first, second) = (weights.first, weights.second)
        var begin = 0
        while begin < first.weight.columns {
            let end = min(first.weight.columns, begin &+ Self.hiddenPerStep)
            packedProduct(
                rows: 0..<rows, columns: begin..<end, inner: 0..<channels, seen, strideA: channels,
                first.weight, into: hidden - begin, strideC: end &- begin,
                epilogue: Epilogue(bias: first.bias.values, activation: .relu))
            packedProduct(
                rows: 0..<rows, columns: 0..<channels, inner: begin..<end, hidden,
                strideA: end &- begin, second.weight, into: result, strideC: channels,
                epilogue: begin == 0
                    ? Epilogue(
                        bias: second.bias.values, residual: seen, residualStride: channels)
                    : Epilogue(accumulate: true))
            begin = end
        }
    }
}

/// Writes the sum of two runs of floats.
@inline(__always)
private func add(
    _ a: UnsafePointer<Float>, to b: UnsafePointer<Float>, _ count: Int,
    _ result: UnsafeMutablePointer<Float>
) {
    var i = 0
    while i &+ 8 <= count {
        store(load(a + i) + load(b + i), result + i)
        i &+= 8
    }
    while i < count {
        result[i] = a[i] + b[i]
        i &+= 1
    }
}
