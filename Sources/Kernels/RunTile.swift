/// A tile of a product whose left rows are not in one piece, but some runs of the same length, equally far apart.
///
/// The right eight columns read `pairStride` floats beyond what the left eight read. `rows` is a literal at every call,
/// as in `productTile`.
@inline(__always)
private func runTile(
    rows: Int, runs: Int, runStride: Int, runLength: Int, pairStride: Int,
    _ a: UnsafePointer<Float>, _ strideA: Int, _ panel: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>,
    _ strideC: Int, _ epilogue: Epilogue
) {
    var row0 = SumRow()
    var row1 = SumRow()
    var row2 = SumRow()
    var row3 = SumRow()
    var row4 = SumRow()
    var row5 = SumRow()
    var b = panel
    var run = a
    for _ in 0..<runs {
        let a1 = run + strideA
        let a2 = a1 + strideA
        let a3 = a2 + strideA
        let a4 = a3 + strideA
        let a5 = a4 + strideA
        var i = 0
        while i < runLength {
            let low = load(b)
            let high = load(b + 8)
            let j = i &+ pairStride
            row0.add(run[i], run[j], low, high)
            if rows > 1 { row1.add(a1[i], a1[j], low, high) }
            if rows > 2 { row2.add(a2[i], a2[j], low, high) }
            if rows > 3 { row3.add(a3[i], a3[j], low, high) }
            if rows > 4 { row4.add(a4[i], a4[j], low, high) }
            if rows > 5 { row5.add(a5[i], a5[j], low, high) }
            b += 16
            i &+= 1
        }
        run += runStride
    }
    finishTile(rows: rows, &row0, &row1, &row2, &row3, &row4, &row5, c, strideC, epilogue)
}

/// `rows` (1 to 6) of a tile, with the whole epilogue. `pairStride` is a literal 0 where there are no pairs.
@inline(__always)
private func runTile(
    anyRows rows: Int, runs: Int, runStride: Int, runLength: Int, pairStride: Int,
    _ a: UnsafePointer<Float>, _ strideA: Int, _ panel: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    @inline(__always) func tile(_ rows: Int) {
        runTile(
            rows: rows, runs: runs, runStride: runStride, runLength: runLength,
            pairStride: pairStride, a, strideA, panel, c, strideC, epilogue)
    }
    switch rows {
    case 6: tile(6)
    case 5: tile(5)
    case 4: tile(4)
    case 3: tile(3)
    case 2: tile(2)
    default: tile(1)
    }
    if epilogue.activation == .gelu { apply(.gelu, rows: rows, c, strideC) }
}

/// `rows` (1 to 6) by 16 of a product over `runs` runs of `runLength` floats, with the whole epilogue.
///
/// - Parameters:
///   - a: The first run of the first row; the other runs follow `runStride`, the other rows `strideA` floats apart.
///   - panel: `[runs][runLength][16]`.
@inline(never)
func runTile(
    anyRows rows: Int, runs: Int, runStride: Int, runLength: Int, _ a: UnsafePointer<Float>,
    _ strideA: Int, _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ strideC: Int, _ epilogue: Epilogue
) {
    runTile(
        anyRows: rows, runs: runs, runStride: runStride, runLength: runLength, pairStride: 0, a,
        strideA, panel, c, strideC, epilogue)
}

/// `rows` (1 to 6) pixels of two groups of eight outputs, with the whole epilogue: the columns of the first group read
/// one half of each tap's channels, those of the second the other half.
///
/// - Parameters:
///   - a: of each pixel and tap, the channels of the first group, then those of the second.
///   - panel: `[taps][channels][16]`.
@inline(never)
func pairTile(
    anyRows rows: Int, taps: Int, channels: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ strideC: Int,
    _ epilogue: Epilogue
) {
    runTile(
        anyRows: rows, runs: taps, runStride: 2 &* channels, runLength: channels,
        pairStride: channels, a, strideA, panel, c, strideC, epilogue)
}
