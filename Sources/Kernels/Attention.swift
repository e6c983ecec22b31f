/// Attention of one head on one thread: `out = softmax(scale * q k^T + bias + keyMask) v`.
///
/// - Parameters:
///   - q: `[queries, keyWidth]`; every matrix with its own number of floats from row to row.
///   - k: `[keys, keyWidth]`.
///   - v: `[keys, valueWidth]`.
///   - bias: Of the scores of every query and key.
///   - keyMask: `[keys]`, added to the scores of every query; `-infinity` excludes a key.
///   - out: `[queries, valueWidth]`. A query whose keys are all excluded gets NaN.
func attendHead(
    queries: Int, keys: Int, keyWidth: Int, valueWidth: Int, scale: Float,
    q: UnsafePointer<Float>, strideQ: Int, k: UnsafePointer<Float>, strideK: Int,
    v: UnsafePointer<Float>, strideV: Int, bias: ScoreBias?, keyMask: UnsafePointer<Float>?,
    into out: UnsafeMutablePointer<Float>, strideOut: Int
) {
    let size = AttentionPanels.size(keys: keys, keyWidth: keyWidth, valueWidth: valueWidth)
    withScratch(floats: size) { memory in
        let panels = AttentionPanels(
            memory, keys: keys, keyWidth: keyWidth, valueWidth: valueWidth)
        panels.pack(k: k, strideK: strideK, v: v, strideV: strideV)
        let block = AttentionBlock(
            memory: .packed(panels), keyCount: keys, keyWidth: keyWidth, valueWidth: valueWidth,
            scale: scale, keyMask: keyMask, ownGroup: 0, areCosines: false)
        withScratch(floats: block.scratchSize) { scratch in
            let together = AttentionBlock.queriesTogether(of: queries)
            for first in stride(from: 0, to: queries, by: together) {
                block.run(
                    first: first, count: min(together, queries - first),
                    q: q + first * strideQ, strideQ: strideQ, bias: bias,
                    into: out + first * strideOut, strideOut: strideOut, scratch: scratch)
            }
        }
    }
}

/// Attention of every head of every batch element, split over the pool by heads and query blocks.
///
/// The only memory besides the operands: a packed copy of keys and values, of a few keys where the queries are few,
/// and a block of scores for each thread.
///
/// - Parameters:
///   - q: `[batch, queries, heads * keyWidth]`, without gaps like the others.
///   - bias: `[heads, queries, keys]`.
///   - keyMask: `[keys]`, added to the scores.
///   - ownGroup: Where not 0, query `i` may not attend to the keys `j` with `i / ownGroup == j / ownGroup`.
///   - areCosines: See `AttentionBlock`.
package func parallelAttention(
    batch: Int, heads: Int, queries: Int, keys: Int, keyWidth: Int, valueWidth: Int, scale: Float,
    _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, keyMask: UnsafePointer<Float>?, ownGroup: Int,
    areCosines: Bool = false, into out: UnsafeMutablePointer<Float>
) {
    let strideK = heads * keyWidth
    let strideV = heads * valueWidth
    let together = AttentionBlock.queriesTogether(
        of: queries, parts: ThreadPool.parts(ofEach: batch * heads))
    let blocks = (queries + together - 1) / together
    func keysOfHead(_ index: Int) -> UnsafePointer<Float> {
        k + index / heads * keys * strideK + index % heads * keyWidth
    }
    func valuesOfHead(_ index: Int) -> UnsafePointer<Float> {
        v + index / heads * keys * strideV + index % heads * valueWidth
    }
    /// The queries of a task attend to `memory`.
    func attend(_ task: Int, to memory: AttentionMemory) {
        let index = task / blocks
        let (b, h) = (index / heads, index % heads)
        let first = task % blocks * together
        let block = AttentionBlock(
            memory: memory, keyCount: keys, keyWidth: keyWidth, valueWidth: valueWidth,
            scale: scale, keyMask: keyMask, ownGroup: ownGroup, areCosines: areCosines)
        withScratch(floats: block.scratchSize) { scratch in
            block.run(
                first: first, count: min(together, queries - first),
                q: q + (b * queries + first) * strideK + h * keyWidth, strideQ: strideK,
                bias: bias.map { ScoreBias(values: $0 + h * queries * keys, stride: keys) },
                into: out + (b * queries + first) * strideV + h * valueWidth,
                strideOut: strideV, scratch: scratch)
        }
    }
    if blocks == 1 {
        let size = AttentionPanels.size(
            keys: min(keys, AttentionBlock.keys), keyWidth: keyWidth, valueWidth: valueWidth)
        ThreadPool.shared.run(batch * heads) { index in
            withScratch(floats: size) { scratch in
                attend(
                    index,
                    to: .plain(
                        PlainAttentionMemory(
                            k: keysOfHead(index), strideK: strideK, v: valuesOfHead(index),
                            strideV: strideV,
                            keyWidth: keyWidth, valueWidth: valueWidth, scratch: scratch)))
            }
        }
        return
    }
    let size = AttentionPanels.size(keys: keys, keyWidth: keyWidth, valueWidth: valueWidth)
    withScratch(floats: batch * heads * size) { memory in
        let panelsOfHead = { (index: Int) in
            AttentionPanels(
                memory + index * size, keys: keys, keyWidth: keyWidth, valueWidth: valueWidth)
        }
        let panelCount = (keys + 15) / 16
        let run = max(1, elementwiseGrain / max(1, 16 * (keyWidth + valueWidth)))
        let runs = (panelCount + run - 1) / run
        ThreadPool.shared.run(batch * heads * runs) { task in
            let index = task / runs
            let first = task % runs * run
            panelsOfHead(index).pack(
                panels: first..<min(panelCount, first + run),
                k: keysOfHead(index), strideK: strideK, v: valuesOfHead(index), strideV: strideV)
        }
        ThreadPool.shared.run(batch * heads * blocks) { task in
            attend(task, to: .packed(panelsOfHead(task / blocks)))
        }
    }
}
