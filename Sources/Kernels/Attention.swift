/// Attention of one head on one thread: `out = softmax(scale * q k^T + bias + keyMask) v`.
///
/// - Parameters:
///   - q: `[queries, keyWidth]`; every matrix with its own number of floats from row to row.
///   - k: `[keys, keyWidth]`.
///   - v: `[keys, valueWidth]`.
///   - bias: `[queries, keys]`, added to the scores.
///   - keyMask: `[keys]`, added to the scores of every query; `-infinity` excludes a key.
///   - out: `[queries, valueWidth]`. A query whose keys are all excluded gets NaN.
package func attendHead(
    queries: Int, keys: Int, keyWidth: Int, valueWidth: Int, scale: Float,
    q: UnsafePointer<Float>, strideQ: Int, k: UnsafePointer<Float>, strideK: Int,
    v: UnsafePointer<Float>, strideV: Int, bias: UnsafePointer<Float>?, strideBias: Int,
    keyMask: UnsafePointer<Float>?, into out: UnsafeMutablePointer<Float>, strideOut: Int
) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, keys)) { scratch in
        guard let scores = scratch.baseAddress else { return }
        for i in 0..<queries {
            var largest = -Float.greatestFiniteMagnitude
            for j in 0..<keys {
                var dot: Float = 0
                for c in 0..<keyWidth { dot += q[i * strideQ + c] * k[j * strideK + c] }
                scores[j] = dot * scale + (bias?[i * strideBias + j] ?? 0) + (keyMask?[j] ?? 0)
                largest = max(largest, scores[j])
            }
            var sum: Float = 0
            for j in 0..<keys {
                scores[j] = exponentialOfNonPositive(Float8(repeating: scores[j] - largest))[0]
                sum += scores[j]
            }
            let row = out + i * strideOut
            for c in 0..<valueWidth { row[c] = 0 }
            for j in 0..<keys {
                for c in 0..<valueWidth { row[c] += scores[j] * v[j * strideV + c] }
            }
            for c in 0..<valueWidth { row[c] /= sum }
        }
    }
}

/// Attention of every head of every batch element, split over the pool.
///
/// - Parameters:
///   - q: `[batch, queries, heads * keyWidth]`, without gaps like the others.
///   - bias: `[heads, queries, keys]`.
///   - ownGroup: Where not 0, query `i` may not attend to the keys `j` with `i / ownGroup == j / ownGroup`.
package func parallelAttention(
    batch: Int, heads: Int, queries: Int, keys: Int, keyWidth: Int, valueWidth: Int, scale: Float,
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, keyMask: UnsafePointer<Float>?, ownGroup: Int,
    into out: UnsafeMutablePointer<Float>
) {
    let block = 64
    let blocks = (queries + block - 1) / block
    ThreadPool.shared.run(batch * heads * blocks) { task in
        let b = task / (heads * blocks)
        let h = task / blocks % heads
        let end = min(queries, (task % blocks + 1) * block)
        for i in task % blocks * block..<end {
            withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, keys)) { mask in
                for j in 0..<keys {
                    mask[j] = keyMask?[j] ?? 0
                    if ownGroup > 0, i / ownGroup == j / ownGroup { mask[j] = -.infinity }
                }
                attendHead(
                    queries: 1, keys: keys, keyWidth: keyWidth, valueWidth: valueWidth,
                    scale: scale, q: q + (b * queries + i) * heads * keyWidth + h * keyWidth,
                    strideQ: heads * keyWidth, k: k + b * keys * heads * keyWidth + h * keyWidth,
                    strideK: heads * keyWidth,
                    v: v + b * keys * heads * valueWidth + h * valueWidth,
                    strideV: heads * valueWidth,
                    bias: bias.map { $0 + (h * queries + i) * keys }, strideBias: keys,
                    keyMask: mask.baseAddress,
                    into: out + (b * queries + i) * heads * valueWidth + h * valueWidth,
                    strideOut: heads * valueWidth)
            }
        }
    }
}
