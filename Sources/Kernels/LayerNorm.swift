/// Normalises every row of `[rows, columns]` to mean 0 and variance 1, then scales and shifts each
/// column. Split over the pool; both may be the same buffer.
package func parallelLayerNorm(
    rows: Int, columns: Int, _ source: UnsafePointer<Float>, weight: UnsafePointer<Float>?,
    bias: UnsafePointer<Float>?, epsilon: Float, into destination: UnsafeMutablePointer<Float>
) {
    guard columns > 0 else { return }
    let streams = Streaming.suits(
        count: rows * columns, from: source, into: destination, rowLength: columns)
    ThreadPool.shared.runRanges(rows, grain: max(1, elementwiseGrain / columns)) { range in
        layerNorm(
            rows: range.count, columns: columns, source + range.lowerBound &* columns,
            weight: weight, bias: bias, epsilon: epsilon, streams: streams,
            into: destination + range.lowerBound &* columns)
    }
}

/// The same on one thread.
package func layerNorm(
    rows: Int, columns: Int, _ source: UnsafePointer<Float>, weight: UnsafePointer<Float>?,
    bias: UnsafePointer<Float>?, epsilon: Float, streams: Bool = false,
    into destination: UnsafeMutablePointer<Float>
) {
    for row in 0..<rows {
        let from = source + row &* columns
        let to = destination + row &* columns
        let mean = sum(columns, from) / Float(columns)
        let variance = sumOfSquares(columns, from, around: mean) / Float(columns)
        let factor = 1 / (variance + epsilon).squareRoot()
        var i = 0
        while i &+ 8 <= columns {
            var value = (load(from + i) - Float8(repeating: mean)) * factor
            if let weight { value *= load(weight + i) }
            if let bias { value += load(bias + i) }
            store(value, to + i, streaming: streams)
            i &+= 8
        }
        while i < columns {
            to[i] = (from[i] - mean) * factor * (weight?[i] ?? 1) + (bias?[i] ?? 0)
            i &+= 1
        }
    }
}
