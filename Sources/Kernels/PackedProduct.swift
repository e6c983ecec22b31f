import CInstructionSet

/// Steps of the inner index that a panel is read for at once: 16 KB of it, which stay in the first cache.
private let innerBlock = 256
/// Rows of `a` that go through all panels together: `rowBlock * innerBlock` floats stay in the second cache.
private let rowBlock = 96

/// `c = activation((accumulate ? c : 0) + a * b + bias + residual)` on the calling thread.
///
/// - Parameters:
///   - a: `[rows, b.inner]`, `strideA` floats from row to row.
///   - c: `[rows, b.columns]`, `strideC` floats from row to row. It may not overlap `a`.
package func packedProduct(
    rows: Int, _ a: UnsafePointer<Float>, strideA: Int, _ b: PackedPanels,
    into c: UnsafeMutablePointer<Float>, strideC: Int, epilogue: Epilogue = Epilogue()
) {
    packedProduct(
        rows: 0..<rows, columns: 0..<b.columns, inner: 0..<b.inner, a, strideA: strideA, b, into: c,
        strideC: strideC, epilogue: epilogue)
}

/// The same, with the rows, or the columns where rows are few, split over the thread pool.
package func parallelPackedProduct(
    rows: Int, _ a: UnsafePointer<Float>, strideA: Int, _ b: PackedPanels,
    into c: UnsafeMutablePointer<Float>, strideC: Int, epilogue: Epilogue = Epilogue()
) {
    let rowTasks = (rows + rowBlock - 1) / rowBlock
    let panels = (b.columns + PackedPanels.width - 1) / PackedPanels.width
    // As many tasks as are wanted, as long as each has some tens of microseconds of work.
    let panelWork = max(1, min(rows, rowBlock) * b.inner * PackedPanels.width)
    let columnTasks = max(
        1, min(panels, ThreadPool.parts(ofEach: rowTasks), panels * panelWork / 1_000_000))
    // An even number: panels are worked on in pairs where vectors are wide.
    let panelsPerTask = max(1, ((panels + columnTasks - 1) / columnTasks + 1) / 2 * 2)
    let tasksPerRowBlock = (panels + panelsPerTask - 1) / panelsPerTask
    let epilogue = epilogue.streaming(inner: b.inner, count: rows * b.columns, c, strideC)
    ThreadPool.shared.run(rowTasks * tasksPerRowBlock) { task in
        let row = task / tasksPerRowBlock * rowBlock
        let column = task % tasksPerRowBlock * panelsPerTask * PackedPanels.width
        packedProduct(
            rows: row..<min(rows, row + rowBlock),
            columns: column..<min(b.columns, column + panelsPerTask * PackedPanels.width),
            inner: 0..<b.inner, a, strideA: strideA, b, into: c, strideC: strideC,
            epilogue: epilogue)
    }
}

/// A part of a product: some rows and columns of the result, over some of the inner index.
///
/// All pointers stand for row 0 and column 0 of the whole, except that `a`'s column 0 belongs to
/// `inner.lowerBound`. `columns.lowerBound` is a multiple of 16.
func packedProduct(
    rows: Range<Int>, columns: Range<Int>, inner: Range<Int>, _ a: UnsafePointer<Float>,
    strideA: Int, _ b: PackedPanels, into c: UnsafeMutablePointer<Float>, strideC: Int,
    epilogue: Epilogue
) {
    let blocks = max(1, (inner.count + innerBlock - 1) / innerBlock)
    let step = max(1, (inner.count + blocks - 1) / blocks)
    var row = rows.lowerBound
    while row < rows.upperBound {
        let count = min(rowBlock, rows.upperBound &- row)
        for block in 0..<blocks {
            let begin = min(inner.count, block &* step)
            let end = min(inner.count, begin &+ step)
            let part = epilogue.advanced(row: row, column: 0).part(block, of: blocks)
            productBlock(
                rows: count, columns: columns, inner: end &- begin,
                a + (row &* strideA &+ begin), strideA,
                b.panels + (inner.lowerBound &+ begin) &* PackedPanels.width,
                b.inner &* PackedPanels.width, c + row &* strideC, strideC, part)
        }
        row &+= count
    }
}

extension Epilogue {
    /// The same, past the caches where that suits a packed product of `count` results over `inner` steps.
    ///
    /// Sums that are added to later, or go through GELU once more, stay in the caches until then.
    func streaming(
        inner: Int, count: Int, _ c: UnsafePointer<Float>, _ strideC: Int
    ) -> Epilogue {
        var result = self
        result.streams =
            inner <= innerBlock && activation != .gelu && !accumulate
            && Streaming.suits(count: count, c, rowLength: strideC)
        return result
    }
}

/// All tiles of a block: for each panel, all rows.
@inline(never)
func productBlock(
    rows: Int, columns: Range<Int>, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panels: UnsafePointer<Float>, _ panelStride: Int, _ c: UnsafeMutablePointer<Float>,
    _ strideC: Int, _ epilogue: Epilogue
) {
    let tiles = (rows &+ productTileRows &- 1) / productTileRows
    let share = (inner &+ tiles &- 1) / max(1, tiles) &* PackedPanels.width
    var column = columns.lowerBound
    if InstructionSet.usesWideVectors {
        wideBlock(
            rows: rows, columns: columns, inner: inner, a, strideA, panels, panelStride, c, strideC,
            epilogue)
        column = columns.upperBound &- columns.count % PackedPanels.width
    }
    while column < columns.upperBound {
        let panel = panels + column / PackedPanels.width &* panelStride
        let left = columns.upperBound &- column
        let width = min(PackedPanels.width, left)
        // Weights come from far. While a panel is worked on, each tile calls a share of the next one.
        let hasNext = column &+ PackedPanels.width < columns.upperBound
        var ahead = panel + panelStride
        let end = hasNext ? ahead + inner &* PackedPanels.width : ahead
        var row = 0
        while row < rows {
            let count = min(productTileRows, rows &- row)
            let shareEnd = min(end, ahead + share)
            while ahead < shareEnd {
                martlet_prefetch(ahead)
                ahead += PackedPanels.width
            }
            let from = a + row &* strideA
            let to = c + (row &* strideC &+ column)
            let part = epilogue.advanced(row: row, column: column)
            callAhead(rows: count, to, strideC, part)
            if width == PackedPanels.width {
                productTile(
                    anyRows: count, inner: inner, from, strideA, panel, to, strideC, part)
                if part.activation == .gelu { apply(.gelu, rows: count, to, strideC) }
                if part.weightFactor != 0 {
                    weighTile(rows: count, to, strideC, factor: part.weightFactor)
                }
            } else {
                narrowTile(
                    rows: count, width: width, inner: inner, from, strideA, panel, to, strideC, part
                )
            }
            row &+= count
        }
        column &+= PackedPanels.width
    }
}

/// Has what a tile's epilogue adds come into the second cache while the tile's products are summed up.
@_transparent
private func callAhead(
    rows: Int, _ c: UnsafePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    if epilogue.accumulate {
        for row in 0..<rows { martlet_prefetch(c + row &* strideC) }
    }
    if let residual = epilogue.residual {
        for row in 0..<rows { martlet_prefetch(residual + row &* epilogue.residualStride) }
    }
}

/// A tile of the last panel, where fewer than 16 columns are real: through a full tile on the stack.
///
/// What is done with the tile stands in a function of its own. As the closure's body, its last copy became a jump to
/// `memmove` that lost the register of the closure's error, in builds without AVX (Swift 6.3.1).
@inline(never)
private func narrowTile(
    rows: Int, width: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ strideC: Int,
    _ epilogue: Epilogue
) {
    let floats = productTileRows * PackedPanels.width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: floats) { buffer in
        guard let tile = buffer.baseAddress else { return }
        narrowTile(
            rows: rows, width: width, inner: inner, a, strideA, panel, c, strideC, epilogue,
            through: tile)
    }
}

@inline(never)
private func narrowTile(
    rows: Int, width: Int, inner: Int, _ a: UnsafePointer<Float>, _ strideA: Int,
    _ panel: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ strideC: Int,
    _ epilogue: Epilogue, through tile: UnsafeMutablePointer<Float>
) {
    let stride = PackedPanels.width
    productTile(anyRows: rows, inner: inner, a, strideA, panel, tile, stride, Epilogue())
    for row in 0..<rows {
        for column in 0..<width {
            var value = tile[row &* stride &+ column]
            if epilogue.accumulate { value += c[row &* strideC &+ column] }
            if let bias = epilogue.bias { value += bias[column] }
            if let residual = epilogue.residual {
                value += residual[row &* epilogue.residualStride &+ column]
            }
            tile[row &* stride &+ column] = value
        }
    }
    apply(epilogue.activation, rows: rows, tile, stride)
    for row in 0..<rows {
        (c + row &* strideC).update(from: tile + row &* stride, count: width)
    }
}

/// An activation of `rows` by 16 values in place, just after they were stored.
@inline(never)
func apply(
    _ activation: Activation, rows: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int
) {
    for row in 0..<rows {
        let c = c + row &* strideC
        if activation == .gelu {
            store(gelu(load(c)), c)
            store(gelu(load(c + 8)), c + 8)
        } else {
            store(activation.limited(load(c)), c)
            store(activation.limited(load(c + 8)), c + 8)
        }
    }
}
