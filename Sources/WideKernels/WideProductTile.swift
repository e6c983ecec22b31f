/// The most rows that a wide tile takes at once.
package let wideTileRows = 12

/// The micro-kernel of products for machines with 512-bit vectors: `rows` (1 to 12) by 32 or 16 sums in
/// registers over `inner` steps, then the epilogue. The activation is left to the caller: choosing among lanes
/// compiles badly for 512-bit vectors.
///
/// The only code that is compiled for AVX-512: called where the machine has it and from nowhere else.
/// Each sum adds its products one by one in order, as the tile for 256-bit vectors does: the results have
/// the same bits wherever both fuse multiplication and addition.
///
/// - Parameters:
///   - a: `[rows, inner]`, `strideA` floats from row to row.
///   - first: `[inner][16]`, the first 16 columns; `second` likewise, or nil where there are no others.
///   - accumulates: whether what `c` holds is added.
///   - bias: one value a column, added.
///   - residual: `residualStride` floats from row to row, added.
@inline(never)
package func wideProductTile(
    rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>?,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, accumulates: Bool,
    bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, residualStride: Int
) {
    let operands = WideOperands(
        inner: inner, a: a, strideA: strideA, first: first, second: second ?? first, c: c,
        strideC: strideC,
        epilogue: WideEpilogue(
            accumulates: accumulates, bias: bias, residual: residual,
            residualStride: residualStride))
    if second != nil {
        operands.tile(anyRows: rows, isPair: true)
    } else {
        operands.tile(anyRows: rows, isPair: false)
    }
}

/// `@_transparent` here and below: of what is only `@inline(__always)` the compiler leaves some as calls,
/// which take the number of rows at run time and the sums through memory.
private struct WideOperands {
    let inner: Int
    let a: UnsafePointer<Float>
    let strideA: Int
    let first: UnsafePointer<Float>
    let second: UnsafePointer<Float>
    let c: UnsafeMutablePointer<Float>
    let strideC: Int
    let epilogue: WideEpilogue

    @_transparent
    func tile(anyRows rows: Int, isPair: Bool) {
        switch rows {
        case 12: tile(12, isPair)
        case 11: tile(11, isPair)
        case 10: tile(10, isPair)
        case 9: tile(9, isPair)
        case 8: tile(8, isPair)
        case 7: tile(7, isPair)
        case 6: tile(6, isPair)
        case 5: tile(5, isPair)
        case 4: tile(4, isPair)
        case 3: tile(3, isPair)
        case 2: tile(2, isPair)
        default: tile(1, isPair)
        }
    }

    /// `rows` and `isPair` are literals at every call, so that the compiler drops what is not there. Twelve
    /// rows are what 32 registers hold: 24 sums, two of the panels, a few of `a`.
    @_transparent
    private func tile(_ rows: Int, _ isPair: Bool) {
        let a3 = a + 3 &* strideA
        let a6 = a + 6 &* strideA
        let a9 = a + 9 &* strideA
        let two = 2 &* strideA
        var r0 = WideRow(), r1 = WideRow(), r2 = WideRow(), r3 = WideRow(), r4 = WideRow()
        var r5 = WideRow(), r6 = WideRow(), r7 = WideRow(), r8 = WideRow(), r9 = WideRow()
        var r10 = WideRow(), r11 = WideRow()
        var i = 0
        while i < inner {
            let low = load16(first + 16 &* i)
            let high = isPair ? load16(second + 16 &* i) : low
            r0.add(a[i], low, high, isPair)
            if rows > 1 { r1.add(a[i &+ strideA], low, high, isPair) }
            if rows > 2 { r2.add(a[i &+ two], low, high, isPair) }
            if rows > 3 { r3.add(a3[i], low, high, isPair) }
            if rows > 4 { r4.add(a3[i &+ strideA], low, high, isPair) }
            if rows > 5 { r5.add(a3[i &+ two], low, high, isPair) }
            if rows > 6 { r6.add(a6[i], low, high, isPair) }
            if rows > 7 { r7.add(a6[i &+ strideA], low, high, isPair) }
            if rows > 8 { r8.add(a6[i &+ two], low, high, isPair) }
            if rows > 9 { r9.add(a9[i], low, high, isPair) }
            if rows > 10 { r10.add(a9[i &+ strideA], low, high, isPair) }
            if rows > 11 { r11.add(a9[i &+ two], low, high, isPair) }
            i &+= 1
        }
        r0.finish(0, c, strideC, isPair, epilogue)
        if rows > 1 { r1.finish(1, c, strideC, isPair, epilogue) }
        if rows > 2 { r2.finish(2, c, strideC, isPair, epilogue) }
        if rows > 3 { r3.finish(3, c, strideC, isPair, epilogue) }
        if rows > 4 { r4.finish(4, c, strideC, isPair, epilogue) }
        if rows > 5 { r5.finish(5, c, strideC, isPair, epilogue) }
        if rows > 6 { r6.finish(6, c, strideC, isPair, epilogue) }
        if rows > 7 { r7.finish(7, c, strideC, isPair, epilogue) }
        if rows > 8 { r8.finish(8, c, strideC, isPair, epilogue) }
        if rows > 9 { r9.finish(9, c, strideC, isPair, epilogue) }
        if rows > 10 { r10.finish(10, c, strideC, isPair, epilogue) }
        if rows > 11 { r11.finish(11, c, strideC, isPair, epilogue) }
    }
}

/// What happens to the sums before they are stored. (Private, and the parameters above are plain: a type
/// that others see would bring functions that the linker may share with code for other machines.)
private struct WideEpilogue {
    let accumulates: Bool
    let bias: UnsafePointer<Float>?
    let residual: UnsafePointer<Float>?
    let residualStride: Int

    /// Stores the sums of `row` from `column` on.
    @_transparent
    func finish(
        _ sums: Lanes, _ row: Int, _ column: Int, _ c: UnsafeMutablePointer<Float>
    ) {
        var value = sums
        if accumulates { value += load16(c) }
        if let bias { value += load16(bias + column) }
        if let residual { value += load16(residual + (row &* residualStride &+ column)) }
        store16(value, c)
    }
}

/// 32 sums of one row of the result, in two registers; without a pair, 16 in the first.
private struct WideRow {
    var low = Lanes(repeating: 0)
    var high = Lanes(repeating: 0)

    @_transparent
    mutating func add(_ a: Float, _ low: Lanes, _ high: Lanes, _ isPair: Bool) {
        let a = Lanes(repeating: a)
        self.low = self.low.addingProduct(a, low)
        if isPair { self.high = self.high.addingProduct(a, high) }
    }

    @_transparent
    func finish(
        _ row: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ isPair: Bool,
        _ epilogue: WideEpilogue
    ) {
        let c = c + row &* strideC
        epilogue.finish(low, row, 0, c)
        if isPair { epilogue.finish(high, row, 16, c + 16) }
    }
}
