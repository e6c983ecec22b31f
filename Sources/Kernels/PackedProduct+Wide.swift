import CInstructionSet
import WideKernels

/// Two neighbouring panels of a block, all rows, on a machine with 512-bit vectors.
///
/// - Parameters:
///   - panels: the first of the two, `panelStride` floats apart.
///   - following: how many panels come next. While these two are worked on, each tile calls a share of the
///     next ones from afar.
///   - c: the first of the 32 columns; `epilogue` likewise.
@inline(never)
func widePanels(
    rows: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panels: UnsafePointer<Float>, _ panelStride: Int, following: Int,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    let tiles = (rows &+ wideTileRows &- 1) / wideTileRows
    let lines = inner &* min(2, following)
    let share = (lines &+ tiles &- 1) / max(1, tiles)
    var line = 0
    var row = 0
    while row < rows {
        let count = min(wideTileRows, rows &- row)
        let end = min(lines, line &+ share)
        while line < end {
            let panel = line < inner ? 2 &* panelStride : 3 &* panelStride &- inner &* 16
            martlet_prefetch(panels + (panel &+ line &* 16))
            line &+= 1
        }
        let to = c + row &* strideC
        wideProductTile(
            rows: count, inner: inner, a + row &* strideA, strideA, panels, panels + panelStride,
            to, strideC, accumulates: epilogue.accumulate, bias: epilogue.bias,
            residual: epilogue.residual.map { $0 + row &* epilogue.residualStride },
            residualStride: epilogue.residualStride,
            floor: epilogue.activation.dropsNegative ? 0 : -.infinity,
            ceiling: epilogue.activation == .relu6 ? 6 : .infinity)
        if epilogue.activation == .gelu {
            applyGELU(rows: count, to, strideC)
            applyGELU(rows: count, to + 16, strideC)
        }
        row &+= count
    }
}
