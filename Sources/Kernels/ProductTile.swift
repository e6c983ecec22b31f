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

    /// Adds the products of sixteen values with sixteen others.
    @_transparent
    mutating func add(_ values: UnsafePointer<Float>, _ low: Float8, _ high: Float8) {
        self.low = multiplyAdd(load(values), low, self.low)
        self.high = multiplyAdd(load(values + 8), high, self.high)
    }

    /// Adds eight values to each half.
    @_transparent
    mutating func add(_ values: UnsafePointer<Float>) {
        low += load(values)
        high += load(values + 8)
    }

    /// Brings each value between 0 and `largest`.
    @_transparent
    mutating func limit(to largest: Float) {
        low = minimum(maximum(low, Float8(repeating: 0)), Float8(repeating: largest))
        high = minimum(maximum(high, Float8(repeating: 0)), Float8(repeating: largest))
    }

    @_transparent
    func write(to c: UnsafeMutablePointer<Float>, streaming: Bool) {
        store(low, c, streaming: streaming)
        store(high, c + 8, streaming: streaming)
    }
}

/// Adds to a tile's sums what the epilogue asks for and stores them. GELU is left to the caller.
///
/// `rows` is a literal at every call. All is transparent, and each step goes over all rows: a call between the
/// sums and their memory would save every register.
@_transparent
func finishTile(
    rows: Int, _ row0: inout SumRow, _ row1: inout SumRow, _ row2: inout SumRow,
    _ row3: inout SumRow, _ row4: inout SumRow, _ row5: inout SumRow,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    let c1 = c + strideC
    let c2 = c1 + strideC
    let c3 = c2 + strideC
    let c4 = c3 + strideC
    let c5 = c4 + strideC
    if epilogue.accumulate {
        row0.add(c)
        if rows > 1 { row1.add(c1) }
        if rows > 2 { row2.add(c2) }
        if rows > 3 { row3.add(c3) }
        if rows > 4 { row4.add(c4) }
        if rows > 5 { row5.add(c5) }
    }
    if let bias = epilogue.bias {
        row0.add(bias)
        if rows > 1 { row1.add(bias) }
        if rows > 2 { row2.add(bias) }
        if rows > 3 { row3.add(bias) }
        if rows > 4 { row4.add(bias) }
        if rows > 5 { row5.add(bias) }
    }
    if let residual = epilogue.residual {
        let stride = epilogue.residualStride
        row0.add(residual)
        if rows > 1 { row1.add(residual + stride) }
        if rows > 2 { row2.add(residual + 2 &* stride) }
        if rows > 3 { row3.add(residual + 3 &* stride) }
        if rows > 4 { row4.add(residual + 4 &* stride) }
        if rows > 5 { row5.add(residual + 5 &* stride) }
    }
    if epilogue.activation.dropsNegative {
        let largest: Float = epilogue.activation == .relu6 ? 6 : .infinity
        row0.limit(to: largest)
        if rows > 1 { row1.limit(to: largest) }
        if rows > 2 { row2.limit(to: largest) }
        if rows > 3 { row3.limit(to: largest) }
        if rows > 4 { row4.limit(to: largest) }
        if rows > 5 { row5.limit(to: largest) }
    }
    let streams = epilogue.streams
    row0.write(to: c, streaming: streams)
    if rows > 1 { row1.write(to: c1, streaming: streams) }
    if rows > 2 { row2.write(to: c2, streaming: streams) }
    if rows > 3 { row3.write(to: c3, streaming: streams) }
    if rows > 4 { row4.write(to: c4, streaming: streams) }
    if rows > 5 { row5.write(to: c5, streaming: streams) }
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
    finishTile(rows: rows, &row0, &row1, &row2, &row3, &row4, &row5, c, strideC, epilogue)
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
