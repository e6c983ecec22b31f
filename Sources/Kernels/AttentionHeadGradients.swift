/// The gradients of one head of one batch element, to which blocks of queries add their share.
///
/// With probabilities `P = softmax(S)`, `S = scale Q K' + bias`, `O = P V` and the gradient `G` of `O`:
/// `dV = P' G`, `dP = G V'`, `dS = P (dP - rows of sum(G O))`, `dQ = scale dS K`, `dK = scale dS' Q`.
struct AttentionHeadGradients {
    let shape: AttentionShape
    let scale: Float
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>
    let keyMask: UnsafePointer<Float>?
    let ownGroup: Int
    let byKeys: UnsafeMutablePointer<Float>
    let byValues: UnsafeMutablePointer<Float>

    private var strideK: Int { shape.heads * shape.keyWidth }
    private var strideV: Int { shape.heads * shape.valueWidth }

    /// Sets the sums of this head to zero.
    func clear() {
        for key in 0..<shape.keys {
            (byKeys + key * strideK).update(repeating: 0, count: shape.keyWidth)
            (byValues + key * strideV).update(repeating: 0, count: shape.valueWidth)
        }
    }

    /// Adds what `count` queries from `first` on contribute, and writes the gradients by them.
    ///
    /// - Parameters:
    ///   - queries: The first query's row; `result`, `gradient`, `byQueries` and the rows of scores `bias` and
    ///     `byBias` likewise.
    ///   - scratch: Two floats for each pair of a query and a key.
    func add(
        first: Int, count: Int, queries: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        result: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
        byQueries: UnsafeMutablePointer<Float>, byBias: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let keyCount = shape.keys
        let (probabilities, byScores) = (scratch, scratch + count * keyCount)
        BLAS.product(
            rows: count, columns: keyCount, inner: shape.keyWidth, queries, strideA: strideK, keys,
            strideB: strideK, transposeB: true, probabilities, strideC: keyCount)
        BLAS.product(
            rows: count, columns: keyCount, inner: shape.valueWidth, gradient, strideA: strideV,
            values, strideB: strideV, transposeB: true, byScores, strideC: keyCount)
        for row in 0..<count {
            let p = probabilities + row * keyCount
            finishScores(p, query: first + row, bias: bias.map { $0 + row * keyCount })
            softmaxRow(keyCount, p, into: p)
            let middle = dot(shape.valueWidth, result + row * strideV, gradient + row * strideV)
            let own = byScores + row * keyCount
            if let byBias {
                differentiateScores(keyCount, p, own, middle, 1, into: byBias + row * keyCount)
            }
            differentiateScores(keyCount, p, own, middle, scale, into: own)
        }
        BLAS.product(
            rows: keyCount, columns: shape.valueWidth, inner: count, probabilities,
            strideA: keyCount, transposeA: true, gradient, strideB: strideV, byValues,
            strideC: strideV, accumulate: true)
        BLAS.product(
            rows: count, columns: shape.keyWidth, inner: keyCount, byScores, strideA: keyCount,
            keys, strideB: strideK, byQueries, strideC: strideK)
        BLAS.product(
            rows: keyCount, columns: shape.keyWidth, inner: count, byScores, strideA: keyCount,
            transposeA: true, queries, strideB: strideK, byKeys, strideC: strideK,
            accumulate: true)
    }

    /// Products of a query with all keys become scores: scaled, biased, masked.
    private func finishScores(
        _ scores: UnsafeMutablePointer<Float>, query: Int, bias: UnsafePointer<Float>?
    ) {
        let factor = Float8(repeating: scale)
        var i = 0
        while i < shape.keys {
            let left = shape.keys &- i
            var value = (left >= 8 ? load(scores + i) : loadPartial(scores + i, left)) * factor
            if let bias { value += left >= 8 ? load(bias + i) : loadPartial(bias + i, left) }
            if let keyMask {
                value += left >= 8 ? load(keyMask + i) : loadPartial(keyMask + i, left)
            }
            if left >= 8 { store(value, scores + i) } else { storePartial(value, scores + i, left) }
            i &+= 8
        }
        guard ownGroup > 0 else { return }
        let start = query / ownGroup * ownGroup
        for key in start..<max(start, min(shape.keys, start + ownGroup)) {
            scores[key] = -.infinity
        }
    }
}

/// `destination = scale * p (d - middle)`; `destination` may be `d`.
private func differentiateScores(
    _ count: Int, _ p: UnsafePointer<Float>, _ d: UnsafePointer<Float>, _ middle: Float,
    _ scale: Float, into destination: UnsafeMutablePointer<Float>
) {
    let middle = Float8(repeating: middle)
    let scale = Float8(repeating: scale)
    pairs(count, p, d, destination) { p, d in p * scale * (d - middle) }
}
