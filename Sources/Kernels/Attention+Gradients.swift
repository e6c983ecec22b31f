/// The sizes of an attention: queries `[batch, queries, heads * keyWidth]`, keys and values alike.
package struct AttentionShape: Sendable {
    package var batch, heads, queries, keys, keyWidth, valueWidth: Int

    package init(
        batch: Int, heads: Int, queries: Int, keys: Int, keyWidth: Int, valueWidth: Int
    ) {
        self.batch = batch
        self.heads = heads
        self.queries = queries
        self.keys = keys
        self.keyWidth = keyWidth
        self.valueWidth = valueWidth
    }
}

/// The gradients of attention, split over the pool by heads and, where these are few, by runs of queries.
///
/// How the work is split depends on the shapes alone: the same bits for any number of threads.
///
/// - Parameters:
///   - keyMask: `[keys]`, added to the scores; `-infinity` excludes a key.
///   - ownGroup: Where not 0, query `i` does not attend to the keys `j` with `i / ownGroup == j / ownGroup`.
///   - byBias: `[batch, heads, queries, keys]`, or nil where it is not wanted.
package func parallelAttentionGradients(
    _ shape: AttentionShape, scale: Float, queries: UnsafePointer<Float>,
    keys: UnsafePointer<Float>, values: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    keyMask: UnsafePointer<Float>?, ownGroup: Int, result: UnsafePointer<Float>,
    gradient: UnsafePointer<Float>, byQueries: UnsafeMutablePointer<Float>,
    byKeys: UnsafeMutablePointer<Float>, byValues: UnsafeMutablePointer<Float>,
    byBias: UnsafeMutablePointer<Float>?
) {
    let (strideK, strideV) = (shape.heads * shape.keyWidth, shape.heads * shape.valueWidth)
    let (sizeK, sizeV) = (shape.batch * shape.keys * strideK, shape.batch * shape.keys * strideV)
    let block = AttentionHeadGradients.queries
    let blocks = (shape.queries + block - 1) / block
    let run = (blocks - 1) / max(1, min(blocks, 8 / (shape.batch * shape.heads))) + 1
    let runs = (blocks + run - 1) / run
    // All queries add to the same keys: each run has sums of its own.
    withScratch(floats: (runs - 1) * (sizeK + sizeV)) { sums in
        ThreadPool.shared.run(shape.batch * shape.heads * runs) { task in
            let (index, part) = (task / runs, task % runs)
            let (b, h) = (index / shape.heads, index % shape.heads)
            let (toKeys, toValues) = (
                b * shape.keys * strideK + h * shape.keyWidth,
                b * shape.keys * strideV + h * shape.valueWidth
            )
            let own = sums + max(0, part - 1) * (sizeK + sizeV)
            withScratch(floats: AttentionHeadGradients.scratchSize(shape)) { scratch in
                let head = AttentionHeadGradients(
                    shape, scale: scale, keyMask: keyMask, ownGroup: ownGroup, scratch: scratch)
                head.begin(keys: keys + toKeys, values: values + toValues)
                for first in stride(
                    from: part * run * block, to: min(shape.queries, (part + 1) * run * block),
                    by: block)
                {
                    let row = b * shape.queries + first
                    let (toK, toV) = (
                        row * strideK + h * shape.keyWidth, row * strideV + h * shape.valueWidth
                    )
                    let scores = (h * shape.queries + first) * shape.keys
                    head.add(
                        first: first, count: min(block, shape.queries - first),
                        queries: queries + toK, bias: bias.map { $0 + scores },
                        result: result + toV, gradient: gradient + toV, byQueries: byQueries + toK,
                        byBias: byBias.map {
                            $0 + (b * shape.heads * shape.queries * shape.keys + scores)
                        })
                }
                head.finish(
                    byKeys: (part == 0 ? byKeys : own) + toKeys,
                    byValues: (part == 0 ? byValues : own + sizeK) + toValues)
            }
        }
        for part in 0..<runs - 1 {
            let own = sums + part * (sizeK + sizeV)
            combine(
                .add, count: sizeK, UnsafePointer(byKeys), strideA: 1, own, strideB: 1, into: byKeys
            )
            combine(
                .add, count: sizeV, UnsafePointer(byValues), strideA: 1, own + sizeK, strideB: 1,
                into: byValues)
        }
    }
}
