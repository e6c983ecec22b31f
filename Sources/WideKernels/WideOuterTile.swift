/// The micro-kernel of weights' gradients for machines with 512-bit vectors: `rows` (1 to 12) by 32 sums
/// in registers, each over `inner` pairs of rows of two matrices that are read where they lie.
///
/// `c[r][j] = (accumulates ? c[r][j] : 0) + sum over i of a[i][r] * b[i][j]`.
///
/// - Parameters:
///   - a: `[inner, rows]`, `strideA` floats from row to row.
///   - b: `[inner, 32]`, `strideB` floats from row to row.
///   - c: `[rows, 32]`, `strideC` floats from row to row.
@inline(never)
package func wideOuterTile(
    rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>,
    _ strideB: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int, accumulates: Bool
) {
    let operands = OuterOperands(
        inner: inner, a: a, strideA: strideA, b: b, strideB: strideB, c: c, strideC: strideC,
        accumulates: accumulates)
    switch rows {
    case 12: operands.tile(12)
    case 11: operands.tile(11)
    case 10: operands.tile(10)
    case 9: operands.tile(9)
    case 8: operands.tile(8)
    case 7: operands.tile(7)
    case 6: operands.tile(6)
    case 5: operands.tile(5)
    case 4: operands.tile(4)
    case 3: operands.tile(3)
    case 2: operands.tile(2)
    default: operands.tile(1)
    }
}

private struct OuterOperands {
    let inner: Int
    let a: UnsafePointer<Float>
    let strideA: Int
    let b: UnsafePointer<Float>
    let strideB: Int
    let c: UnsafeMutablePointer<Float>
    let strideC: Int
    let accumulates: Bool

    /// `rows` is a literal at every call, so that the compiler drops the rows that are not there.
    @_transparent
    func tile(_ rows: Int) {
        var r0 = OuterRow(), r1 = OuterRow(), r2 = OuterRow(), r3 = OuterRow(), r4 = OuterRow()
        var r5 = OuterRow(), r6 = OuterRow(), r7 = OuterRow(), r8 = OuterRow(), r9 = OuterRow()
        var r10 = OuterRow(), r11 = OuterRow()
        var a = a
        var b = b
        for _ in 0..<inner {
            let low = load16(b)
            let high = load16(b + 16)
            r0.add(a[0], low, high)
            if rows > 1 { r1.add(a[1], low, high) }
            if rows > 2 { r2.add(a[2], low, high) }
            if rows > 3 { r3.add(a[3], low, high) }
            if rows > 4 { r4.add(a[4], low, high) }
            if rows > 5 { r5.add(a[5], low, high) }
            if rows > 6 { r6.add(a[6], low, high) }
            if rows > 7 { r7.add(a[7], low, high) }
            if rows > 8 { r8.add(a[8], low, high) }
            if rows > 9 { r9.add(a[9], low, high) }
            if rows > 10 { r10.add(a[10], low, high) }
            if rows > 11 { r11.add(a[11], low, high) }
            a += strideA
            b += strideB
        }
        r0.finish(c, accumulates)
        if rows > 1 { r1.finish(c + strideC, accumulates) }
        if rows > 2 { r2.finish(c + 2 &* strideC, accumulates) }
        if rows > 3 { r3.finish(c + 3 &* strideC, accumulates) }
        if rows > 4 { r4.finish(c + 4 &* strideC, accumulates) }
        if rows > 5 { r5.finish(c + 5 &* strideC, accumulates) }
        if rows > 6 { r6.finish(c + 6 &* strideC, accumulates) }
        if rows > 7 { r7.finish(c + 7 &* strideC, accumulates) }
        if rows > 8 { r8.finish(c + 8 &* strideC, accumulates) }
        if rows > 9 { r9.finish(c + 9 &* strideC, accumulates) }
        if rows > 10 { r10.finish(c + 10 &* strideC, accumulates) }
        if rows > 11 { r11.finish(c + 11 &* strideC, accumulates) }
    }
}

/// 32 sums of one row of the result, in two registers.
private struct OuterRow {
    var low = Lanes(repeating: 0)
    var high = Lanes(repeating: 0)

    @_transparent
    mutating func add(_ a: Float, _ low: Lanes, _ high: Lanes) {
        let a = Lanes(repeating: a)
        self.low = self.low.addingProduct(a, low)
        self.high = self.high.addingProduct(a, high)
    }

    @_transparent
    func finish(_ c: UnsafeMutablePointer<Float>, _ accumulates: Bool) {
        store16(accumulates ? low + load16(c) : low, c)
        store16(accumulates ? high + load16(c + 16) : high, c + 16)
    }
}
