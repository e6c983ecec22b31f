/// The gradients of one head of one batch element, to which blocks of queries add their share.
///
/// With probabilities `P = softmax(S)`, `S = scale Q K' + bias`, `O = P V` and the gradient `G` of `O`:
/// `dV = P' G`, `dP = G V'`, `dS = P (dP - rows of sum(G O))`, `dQ = scale dS K`, `dK = scale dS' Q`.
struct AttentionHeadGradients {
    /// Queries whose scores are in memory at once: with some thousand keys, in the second cache.
    static let queries = 48
    /// Keys of one pass of the product with the keys.
    private static let keysAtOnce = 512

    private let shape: AttentionShape
    private let scale: Float
    private let keyMask: UnsafePointer<Float>?
    private let ownGroup: Int
    /// The keys, both as what queries are multiplied by and as what scores are.
    private let keyPanels: AttentionPanels
    /// The values, as what gradients are multiplied by.
    private let valuePanels: AttentionPanels
    /// `[queries, rowLength]`; beyond the padded keys they stay zero.
    private let probabilities: UnsafeMutablePointer<Float>
    private let byScores: UnsafeMutablePointer<Float>
    /// `[keyWidth, rowLength]` and `[valueWidth, rowLength]`: the gradients by keys and values, transposed.
    private let keySums: UnsafeMutablePointer<Float>
    private let valueSums: UnsafeMutablePointer<Float>
    private let byQueryRows: UnsafeMutablePointer<Float>

    private var strideK: Int { shape.heads * shape.keyWidth }
    private var strideV: Int { shape.heads * shape.valueWidth }
    private var rowLength: Int { Self.rowLength(shape) }

    private static func rowLength(_ shape: AttentionShape) -> Int {
        (shape.keys + outerProductColumns - 1) / outerProductColumns * outerProductColumns
    }

    /// Floats of scratch memory that one head needs.
    static func scratchSize(_ shape: AttentionShape) -> Int {
        AttentionPanels.size(
            keys: shape.keys, keyWidth: shape.keyWidth, valueWidth: shape.keyWidth)
            + AttentionPanels.size(keys: shape.keys, keyWidth: shape.valueWidth, valueWidth: 0)
            + rowLength(shape) * (2 * queries + shape.keyWidth + shape.valueWidth)
            + queries * (shape.keyWidth + PackedPanels.width)
    }

    init(
        _ shape: AttentionShape, scale: Float, keyMask: UnsafePointer<Float>?, ownGroup: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        self.shape = shape
        self.scale = scale
        self.keyMask = keyMask
        self.ownGroup = ownGroup
        let row = Self.rowLength(shape)
        probabilities = scratch
        byScores = probabilities + Self.queries * row
        keySums = byScores + Self.queries * row
        valueSums = keySums + shape.keyWidth * row
        keyPanels = AttentionPanels(
            valueSums + shape.valueWidth * row, keys: shape.keys, keyWidth: shape.keyWidth,
            valueWidth: shape.keyWidth)
        let keySize = AttentionPanels.size(
            keys: shape.keys, keyWidth: shape.keyWidth, valueWidth: shape.keyWidth)
        valuePanels = AttentionPanels(
            keyPanels.keys + keySize, keys: shape.keys, keyWidth: shape.valueWidth, valueWidth: 0)
        byQueryRows = valuePanels.values
    }

    /// Packs the keys and values of this head and sets the sums to zero.
    func begin(keys: UnsafePointer<Float>, values: UnsafePointer<Float>) {
        let panels = 0..<keyPanels.paddedKeys / PackedPanels.width
        keyPanels.pack(panels: panels, k: keys, strideK: strideK, v: keys, strideV: strideK)
        valuePanels.pack(panels: panels, k: values, strideK: strideV, v: values, strideV: strideV)
        let rows = 2 * Self.queries + shape.keyWidth + shape.valueWidth
        probabilities.update(repeating: 0, count: rows * rowLength)
    }

    /// Adds what `count` queries from `first` on contribute, and writes the gradients by them.
    ///
    /// - Parameters:
    ///   - queries: The first query's row; `result`, `gradient`, `byQueries` and the rows of scores `bias` and
    ///     `byBias` likewise.
    func add(
        first: Int, count: Int, queries: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        result: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
        byQueries: UnsafeMutablePointer<Float>, byBias: UnsafeMutablePointer<Float>?
    ) {
        let padded = keyPanels.paddedKeys
        productBlock(
            rows: count, columns: 0..<padded, inner: shape.keyWidth, queries, strideK,
            keyPanels.keys, shape.keyWidth * PackedPanels.width, probabilities, rowLength,
            Epilogue())
        productBlock(
            rows: count, columns: 0..<padded, inner: shape.valueWidth, gradient, strideV,
            valuePanels.keys, shape.valueWidth * PackedPanels.width, byScores, rowLength,
            Epilogue())
        for row in 0..<count {
            let line = probabilities + row * rowLength
            let sum = exponentials(
                line, query: first + row, bias: bias.map { $0 + row * shape.keys })
            let middle = dot(shape.valueWidth, result + row * strideV, gradient + row * strideV)
            finishScores(
                padded, line, factor: 1 / sum, byScores + row * rowLength, middle: middle)
            if let byBias {
                (byBias + row * shape.keys).update(
                    from: byScores + row * rowLength, count: shape.keys)
            }
        }
        outerProduct(
            rows: shape.valueWidth, columns: rowLength, inner: count, gradient, strideA: strideV,
            probabilities, strideB: rowLength, into: valueSums, strideC: rowLength, accumulate: true
        )
        outerProduct(
            rows: shape.keyWidth, columns: rowLength, inner: count, queries, strideA: strideK,
            byScores, strideB: rowLength, into: keySums, strideC: rowLength, accumulate: true)
        multiplyByKeys(count, into: byQueries)
    }

    /// Writes the gradients by the keys and values of this head.
    func finish(byKeys: UnsafeMutablePointer<Float>, byValues: UnsafeMutablePointer<Float>) {
        for key in 0..<shape.keys {
            for i in 0..<shape.keyWidth {
                byKeys[key &* strideK &+ i] = keySums[i &* rowLength &+ key] * scale
            }
            for i in 0..<shape.valueWidth {
                byValues[key &* strideV &+ i] = valueSums[i &* rowLength &+ key]
            }
        }
    }

    /// `byQueries = scale * byScores * keys`.
    private func multiplyByKeys(_ count: Int, into byQueries: UnsafeMutablePointer<Float>) {
        let (padded, width) = (keyPanels.paddedKeys, keyPanels.paddedValueWidth)
        for key in stride(from: 0, to: padded, by: Self.keysAtOnce) {
            productBlock(
                rows: count, columns: 0..<width, inner: min(Self.keysAtOnce, padded - key),
                byScores + key, rowLength, keyPanels.values + key * PackedPanels.width,
                padded * PackedPanels.width, byQueryRows, width, Epilogue(accumulate: key > 0))
        }
        for row in 0..<count {
            for i in 0..<shape.keyWidth {
                byQueries[row &* strideK &+ i] = byQueryRows[row &* width &+ i] * scale
            }
        }
    }

    /// Turns the products of a query with all keys into `e^(score - largest)`; returns their sum.
    private func exponentials(
        _ line: UnsafeMutablePointer<Float>, query: Int, bias: UnsafePointer<Float>?
    ) -> Float {
        let padded = keyPanels.paddedKeys
        for pad in shape.keys..<padded { line[pad] = -.infinity }
        if ownGroup > 0 {
            let start = query / ownGroup * ownGroup
            for key in start..<max(start, min(shape.keys, start + ownGroup)) {
                line[key] = -.infinity
            }
        }
        let (most, factor) = largestScore(
            padded, line, count: shape.keys, scale: scale, bias: bias, keyMask: keyMask)
        // Of a query without any key the sum is 0, and its gradients are no numbers.
        return raiseTwo(padded, line, factor: factor, minus: max(-.greatestFiniteMagnitude, most))
    }
}

/// `p = p * factor` and `d = p (d - middle)` for `count` floats, a multiple of 16.
@inline(never)
private func finishScores(
    _ count: Int, _ p: UnsafeMutablePointer<Float>, factor: Float,
    _ d: UnsafeMutablePointer<Float>, middle: Float
) {
    let middle = Float8(repeating: middle)
    var i = 0
    while i < count {
        let value = load(p + i) * factor
        store(value, p + i)
        store(value * (load(d + i) - middle), d + i)
        i &+= 8
    }
}
