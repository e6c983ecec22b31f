/// Attention of a block of queries of one head, one block of keys after the other, by the online softmax:
/// the sums so far are scaled down whenever a larger score turns up (Milakov and Gimelshein 2018,
/// Dao et al. 2022), so that only a block of scores is ever in memory.
struct AttentionBlock {
    /// The most queries that share a pass over the keys: scores that fit in the second cache.
    static let queries = 192
    /// Keys whose scores are alive at once: a panel of their values stays in the first cache.
    static let keys = 256

    private static let scoreStride = keys + 16

    /// How many queries share a pass where a head has so many: blocks are about equal, in whole tiles.
    ///
    /// - Parameter parts: into how many blocks a head is cut for the pool, as far as that leaves them half of the
    ///   most.
    static func queriesTogether(of queries: Int, parts: Int = 1) -> Int {
        let fewest = (queries + Self.queries - 1) / Self.queries
        let count = max(1, fewest, min(parts, 2 * fewest))
        let tiles = (queries + count * productTileRows - 1) / (count * productTileRows)
        return max(1, tiles) * productTileRows
    }

    let memory: AttentionMemory
    let keyCount: Int
    let keyWidth: Int
    let valueWidth: Int
    let scale: Float
    /// `[keys]`, added to every query's scores.
    let keyMask: UnsafePointer<Float>?
    /// Where not 0, query `i` may not attend to the keys `j` with `i / ownGroup == j / ownGroup`.
    let ownGroup: Int
    /// Whether scores are `scale` times cosines, without bias or mask: weights are then relative to the largest score
    /// that could be, and nothing looks for the largest there is. `scale` is at most ``largestCosineScale``.
    let areCosines: Bool

    private var scoreEpilogue: Epilogue {
        areCosines ? .cosineWeights(scale: scale) : Epilogue()
    }

    /// Floats of scratch memory that `run` needs.
    var scratchSize: Int {
        Self.queries &* (Self.scoreStride &+ AttentionPanels.padded(valueWidth) &+ 2)
    }

    /// Attention of the queries `first ..< first + count`, at most `AttentionBlock.queries`.
    ///
    /// - Parameters:
    ///   - q: The first of these queries. The same holds for `out`.
    ///   - bias: That of all queries of the head.
    ///   - scratch: `scratchSize` floats.
    func run(
        first: Int, count: Int, q: UnsafePointer<Float>, strideQ: Int,
        bias: ScoreBias?, into out: UnsafeMutablePointer<Float>, strideOut: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let width = AttentionPanels.padded(valueWidth)
        let scores = scratch
        let sums = scores + Self.queries &* Self.scoreStride
        let largest = sums + Self.queries &* width
        let total = largest + Self.queries
        largest.update(repeating: -.greatestFiniteMagnitude, count: count)
        total.update(repeating: 0, count: count)
        var started = false
        for key in stride(from: 0, to: keyCount, by: Self.keys) {
            let keys = key..<min(keyCount, key &+ Self.keys)
            let padded = AttentionPanels.padded(keys.count)
            if excludesAll(keys, queries: first..<first &+ count) { continue }
            let block = memory.block(keys)
            productBlock(
                rows: count, columns: 0..<padded, inner: keyWidth, q, strideQ, block.keys,
                keyWidth &* PackedPanels.width, scores, Self.scoreStride, scoreEpilogue)
            for row in 0..<count {
                let line = scores + row &* Self.scoreStride
                if areCosines {
                    finishWeights(line, query: first &+ row, keys, total: total + row)
                    continue
                }
                for pad in keys.count..<padded { line[pad] = -.infinity }
                setOwnGroup(of: first &+ row, keys, line, to: -.infinity)
                let factor = weigh(
                    line, padded: padded, count: keys.count,
                    bias: bias.map { $0.line(of: first &+ row) + key },
                    keyMask: keyMask.map { $0 + key }, largest: largest + row,
                    total: total + row)
                if started, factor != 1 {
                    let sum = sums + row &* width
                    multiplied(width, sum, by: factor, into: sum)
                }
            }
            productBlock(
                rows: count, columns: 0..<width, inner: padded, scores, Self.scoreStride,
                block.values, block.valuePanelStride, sums, width, Epilogue(accumulate: started))
            started = true
        }
        for row in 0..<count {
            let from = sums + row &* width
            // Without any key, 0 / 0: not a number.
            if !started { from.update(repeating: 0, count: width) }
            multiplied(
                valueWidth, from, by: 1 / total[row], into: out + row &* strideOut)
        }
    }

    /// Turns a row of scores into weights relative to the largest score so far and adds up their sum.
    ///
    /// - Returns: The factor that earlier sums of this row must be scaled by.
    @inline(__always)
    private func weigh(
        _ line: UnsafeMutablePointer<Float>, padded: Int, count: Int,
        bias: UnsafePointer<Float>?, keyMask: UnsafePointer<Float>?,
        largest: UnsafeMutablePointer<Float>, total: UnsafeMutablePointer<Float>
    ) -> Float {
        let before = largest.pointee
        let (most, factor) = largestScore(
            padded, line, count: count, scale: scale, bias: bias, keyMask: keyMask)
        let now = max(before, most)
        let sum = raiseTwo(padded, line, factor: factor, minus: now)
        largest.pointee = now
        let rescale =
            before == now
            ? 1 : powerOfTwo(ofNonPositive: Float8(repeating: before - now))[0]
        total.pointee = total.pointee * rescale + sum
        return rescale
    }

    /// Whether no query of the block may attend to any of these keys.
    private func excludesAll(_ keys: Range<Int>, queries: Range<Int>) -> Bool {
        guard ownGroup > 0, !keys.isEmpty else { return false }
        let group = queries.lowerBound / ownGroup
        return group == (queries.upperBound &- 1) / ownGroup
            && keys.lowerBound >= group &* ownGroup
            && keys.upperBound <= (group &+ 1) &* ownGroup
    }

    /// Adds up a row of weights, once those of keys that do not count are 0.
    @inline(__always)
    private func finishWeights(
        _ line: UnsafeMutablePointer<Float>, query: Int, _ keys: Range<Int>,
        total: UnsafeMutablePointer<Float>
    ) {
        let padded = AttentionPanels.padded(keys.count)
        for pad in keys.count..<padded { line[pad] = 0 }
        setOwnGroup(of: query, keys, line, to: 0)
        total.pointee += sum(padded, line)
    }

    /// Sets what a query has for the keys of its own group.
    @inline(__always)
    private func setOwnGroup(
        of query: Int, _ keys: Range<Int>, _ line: UnsafeMutablePointer<Float>, to value: Float
    ) {
        guard ownGroup > 0 else { return }
        let start = max(keys.lowerBound, query / ownGroup &* ownGroup)
        let end = min(keys.upperBound, (query / ownGroup &+ 1) &* ownGroup)
        guard start < end else { return }
        (line + (start &- keys.lowerBound)).update(repeating: value, count: end &- start)
    }
}
