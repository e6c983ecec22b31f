/// Sixteen sums of one row of the result, in two registers.
struct SumRow {
    var low = Float8(repeating: 0)
    var high = Float8(repeating: 0)

    @inline(__always)
    mutating func add(_ a: Float, _ low: Float8, _ high: Float8) {
        let a = Float8(repeating: a)
        self.low = multiplyAdd(a, low, self.low)
        self.high = multiplyAdd(a, high, self.high)
    }

    /// The same with a factor of its own for each half.
    @inline(__always)
    mutating func add(_ a: Float, _ b: Float, _ low: Float8, _ high: Float8) {
        self.low = multiplyAdd(Float8(repeating: a), low, self.low)
        self.high = multiplyAdd(Float8(repeating: b), high, self.high)
    }

    /// Adds what the epilogue asks for and stores. GELU is left to the caller.
    @inline(__always)
    func finish(row: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue) {
        let c = c + row &* strideC
        var low = low
        var high = high
        if epilogue.accumulate {
            low += load(c)
            high += load(c + 8)
        }
        if let bias = epilogue.bias {
            low += load(bias)
            high += load(bias + 8)
        }
        if let residual = epilogue.residual {
            let residual = residual + row &* epilogue.residualStride
            low += load(residual)
            high += load(residual + 8)
        }
        store(epilogue.activation.limited(low), c)
        store(epilogue.activation.limited(high), c + 8)
    }
}

/// The micro-kernel: `rows` (1 to 6) by 16 sums in registers over `inner` steps, then the epilogue.
///
/// `rows` is a literal at every call, so that the compiler drops the rows that are not there. Six rows
/// are what sixteen registers hold: twelve sums, two of the panel, one of `a`.
@inline(__always)
private func productTile(
    rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int, _ panel: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    let a1 = a + strideA
    let a2 = a1 + strideA
    let a3 = a2 + strideA
    let a4 = a3 + strideA
    let a5 = a4 + strideA
    var row0 = SumRow()
    var row1 = SumRow()
    var row2 = SumRow()
    var row3 = SumRow()
    var row4 = SumRow()
    var row5 = SumRow()
    var b = panel
    var i = 0
    while i < inner {
        let low = load(b)
        let high = load(b + 8)
        row0.add(a[i], low, high)
        if rows > 1 { row1.add(a1[i], low, high) }
        if rows > 2 { row2.add(a2[i], low, high) }
        if rows > 3 { row3.add(a3[i], low, high) }
        if rows > 4 { row4.add(a4[i], low, high) }
        if rows > 5 { row5.add(a5[i], low, high) }
        b += 16
        i &+= 1
    }
    row0.finish(row: 0, c, strideC, epilogue)
    if rows > 1 { row1.finish(row: 1, c, strideC, epilogue) }
    if rows > 2 { row2.finish(row: 2, c, strideC, epilogue) }
    if rows > 3 { row3.finish(row: 3, c, strideC, epilogue) }
    if rows > 4 { row4.finish(row: 4, c, strideC, epilogue) }
    if rows > 5 { row5.finish(row: 5, c, strideC, epilogue) }
}

/// The most rows that the micro-kernel takes at once.
let productTileRows = 6

/// `rows` (1 to 6) by 16 of a product, with everything of the epilogue but GELU.
@inline(__always)
func productTile(
    anyRows rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ strideC: Int,
    _ epilogue: Epilogue
) {
    switch rows {
    case 6: productTile(rows: 6, inner: inner, a, strideA, panel, c, strideC, epilogue)
    case 5: productTile(rows: 5, inner: inner, a, strideA, panel, c, strideC, epilogue)
    case 4: productTile(rows: 4, inner: inner, a, strideA, panel, c, strideC, epilogue)
    case 3: productTile(rows: 3, inner: inner, a, strideA, panel, c, strideC, epilogue)
    case 2: productTile(rows: 2, inner: inner, a, strideA, panel, c, strideC, epilogue)
    default: productTile(rows: 1, inner: inner, a, strideA, panel, c, strideC, epilogue)
    }
}
