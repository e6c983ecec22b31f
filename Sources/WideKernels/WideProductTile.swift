/// The most rows that a wide tile takes at once.
package let wideTileRows = 12

/// The micro-kernel of products for machines with 512-bit vectors: `rows` (1 to 12) by 32 sums in
/// registers over `inner` steps, then the epilogue.
///
/// The only code that is compiled for AVX-512: called where the machine has it and from nowhere else.
/// Each sum adds its products one by one in order, as the tile for 256-bit vectors does: the results have
/// the same bits wherever both fuse multiplication and addition.
///
/// - Parameters:
///   - a: `[rows, inner]`, `strideA` floats from row to row.
///   - first: `[inner][16]`, the first half of the columns; `second` likewise.
///   - accumulates: whether what `c` holds is added.
///   - bias: one value a column, added.
///   - residual: `residualStride` floats from row to row, added.
///   - floor: what smaller results become; `ceiling` likewise.
@inline(never)
package func wideProductTile(
    rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, accumulates: Bool,
    bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, residualStride: Int,
    floor: Float, ceiling: Float
) {
    let epilogue = WideEpilogue(
        accumulates: accumulates, bias: bias, residual: residual, residualStride: residualStride,
        floor: floor, ceiling: ceiling)
    @inline(__always) func tile(_ rows: Int) {
        wideTile(rows, inner, a, strideA, first, second, c, strideC, epilogue)
    }
    switch rows {
    case 12: tile(12)
    case 11: tile(11)
    case 10: tile(10)
    case 9: tile(9)
    case 8: tile(8)
    case 7: tile(7)
    case 6: tile(6)
    case 5: tile(5)
    case 4: tile(4)
    case 3: tile(3)
    case 2: tile(2)
    default: tile(1)
    }
}

/// `rows` is a literal at every call, so that the compiler drops the rows that are not there. Twelve rows
/// are what 32 registers hold: 24 sums, two of the panels, a few of `a`.
@inline(__always)
private func wideTile(
    _ rows: Int, _ inner: Int, _ a: UnsafePointer<Float>, _ stride: Int,
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: WideEpilogue
) {
    var r0 = WideRow(), r1 = WideRow(), r2 = WideRow(), r3 = WideRow(), r4 = WideRow()
    var r5 = WideRow(), r6 = WideRow(), r7 = WideRow(), r8 = WideRow(), r9 = WideRow()
    var r10 = WideRow(), r11 = WideRow()
    let a3 = a + 3 &* stride
    let a6 = a + 6 &* stride
    let a9 = a + 9 &* stride
    let two = 2 &* stride
    var i = 0
    while i < inner {
        let low = load16(first + 16 &* i)
        let high = load16(second + 16 &* i)
        r0.add(a[i], low, high)
        if rows > 1 { r1.add(a[i &+ stride], low, high) }
        if rows > 2 { r2.add(a[i &+ two], low, high) }
        if rows > 3 { r3.add(a3[i], low, high) }
        if rows > 4 { r4.add(a3[i &+ stride], low, high) }
        if rows > 5 { r5.add(a3[i &+ two], low, high) }
        if rows > 6 { r6.add(a6[i], low, high) }
        if rows > 7 { r7.add(a6[i &+ stride], low, high) }
        if rows > 8 { r8.add(a6[i &+ two], low, high) }
        if rows > 9 { r9.add(a9[i], low, high) }
        if rows > 10 { r10.add(a9[i &+ stride], low, high) }
        if rows > 11 { r11.add(a9[i &+ two], low, high) }
        i &+= 1
    }
    r0.finish(0, c, strideC, epilogue)
    if rows > 1 { r1.finish(1, c, strideC, epilogue) }
    if rows > 2 { r2.finish(2, c, strideC, epilogue) }
    if rows > 3 { r3.finish(3, c, strideC, epilogue) }
    if rows > 4 { r4.finish(4, c, strideC, epilogue) }
    if rows > 5 { r5.finish(5, c, strideC, epilogue) }
    if rows > 6 { r6.finish(6, c, strideC, epilogue) }
    if rows > 7 { r7.finish(7, c, strideC, epilogue) }
    if rows > 8 { r8.finish(8, c, strideC, epilogue) }
    if rows > 9 { r9.finish(9, c, strideC, epilogue) }
    if rows > 10 { r10.finish(10, c, strideC, epilogue) }
    if rows > 11 { r11.finish(11, c, strideC, epilogue) }
}

/// What happens to the sums before they are stored. (Private, and the parameters above are plain: a type
/// that others see would bring functions that the linker may share with code for other machines.)
private struct WideEpilogue {
    let accumulates: Bool
    let bias: UnsafePointer<Float>?
    let residual: UnsafePointer<Float>?
    let residualStride: Int
    let floor: Float
    let ceiling: Float
}

/// Sixteen floats: one AVX-512 register.
private typealias Lanes = SIMD16<Float>

@inline(__always)
private func load16(_ pointer: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always)
private func store16(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
}

/// 32 sums of one row of the result, in two registers.
private struct WideRow {
    var low = Lanes(repeating: 0)
    var high = Lanes(repeating: 0)

    @inline(__always)
    mutating func add(_ a: Float, _ low: Lanes, _ high: Lanes) {
        let a = Lanes(repeating: a)
        self.low = self.low.addingProduct(a, low)
        self.high = self.high.addingProduct(a, high)
    }

    @inline(__always)
    func finish(
        _ row: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: WideEpilogue
    ) {
        let c = c + row &* strideC
        var low = low
        var high = high
        if epilogue.accumulates {
            low += load16(c)
            high += load16(c + 16)
        }
        if let bias = epilogue.bias {
            low += load16(bias)
            high += load16(bias + 16)
        }
        if let residual = epilogue.residual {
            let residual = residual + row &* epilogue.residualStride
            low += load16(residual)
            high += load16(residual + 16)
        }
        let floor = Lanes(repeating: epilogue.floor)
        let ceiling = Lanes(repeating: epilogue.ceiling)
        low = low.replacing(with: floor, where: low .< floor)
        low = low.replacing(with: ceiling, where: low .> ceiling)
        high = high.replacing(with: floor, where: high .< floor)
        high = high.replacing(with: ceiling, where: high .> ceiling)
        store16(low, c)
        store16(high, c + 16)
    }
}
