import CInstructionSet
import WideKernels

/// The whole panels of a block, all rows, on a machine with 512-bit vectors.
///
/// Rows that lie multiples of 4 KB apart would fall on the same set of the first cache: they are copied,
/// where the panels are enough to gain by it.
///
/// - Parameters:
///   - columns: all that are wanted; the last `columns.count % 16` are left to the caller.
@inline(never)
func wideBlock(
    rows: Int, columns: Range<Int>, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panels: UnsafePointer<Float>, _ panelStride: Int, _ c: UnsafeMutablePointer<Float>,
    _ strideC: Int, _ epilogue: Epilogue
) {
    let width = PackedPanels.width
    let isCopied = strideA % 1024 == 0 && columns.count >= 256
    // An odd number of cache lines.
    let stride = isCopied ? (inner &+ 15) / 32 &* 32 &+ 16 : strideA
    withScratch(floats: isCopied ? rows &* stride : 0) { copy in
        if isCopied {
            for row in 0..<rows {
                (copy + row &* stride).update(from: a + row &* strideA, count: inner)
            }
        }
        let a = isCopied ? UnsafePointer(copy) : a
        var column = columns.lowerBound
        while column &+ width <= columns.upperBound {
            let left = columns.upperBound &- column
            let isPair = left >= 2 &* width
            widePanels(
                rows: rows, inner: inner, a, stride, panels + column / width &* panelStride,
                panelStride, isPair: isPair,
                following: (left &+ width &- 1) / width &- (isPair ? 2 : 1), c + column, strideC,
                epilogue.advanced(row: 0, column: column))
            column &+= isPair ? 2 &* width : width
        }
    }
}

/// One panel or two neighbouring ones of a block, all rows.
///
/// - Parameters:
///   - panels: the first panel, `panelStride` floats before the second.
///   - following: how many panels come next. While these are worked on, each tile calls a share of the
///     next two from afar.
///   - c: the first of the columns; `epilogue` likewise.
@inline(never)
private func widePanels(
    rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panels: UnsafePointer<Float>, _ panelStride: Int, isPair: Bool, following: Int,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    let tiles = (rows &+ wideTileRows &- 1) / wideTileRows
    let next = panels + (isPair ? 2 : 1) &* panelStride
    let lines = inner &* min(2, following)
    let share = (lines &+ tiles &- 1) / max(1, tiles)
    var line = 0
    var row = 0
    while row < rows {
        let count = min(wideTileRows, rows &- row)
        let end = min(lines, line &+ share)
        while line < end {
            let panel = line < inner ? 0 : panelStride &- inner &* 16
            martlet_prefetch(next + (panel &+ line &* 16))
            line &+= 1
        }
        let to = c + row &* strideC
        wideProductTile(
            rows: count, inner: inner, a + row &* strideA, strideA, panels,
            isPair ? panels + panelStride : nil, to, strideC, accumulates: epilogue.accumulate,
            bias: epilogue.bias,
            residual: epilogue.residual.map { $0 + row &* epilogue.residualStride },
            residualStride: epilogue.residualStride)
        if epilogue.activation != .none {
            apply(epilogue.activation, rows: count, to, strideC)
            if isPair { apply(epilogue.activation, rows: count, to + 16, strideC) }
        }
        if epilogue.weightFactor != 0 {
            weighTile(rows: count, to, strideC, factor: epilogue.weightFactor)
            if isPair { weighTile(rows: count, to + 16, strideC, factor: epilogue.weightFactor) }
        }
        row &+= count
    }
}
