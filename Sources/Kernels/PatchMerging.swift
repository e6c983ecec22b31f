/// Rows of a task.
private let rowsPerTask = 96

/// Joins each 2 by 2 square of tokens, normalises and projects it: half the height and width.
///
/// The four tokens come in the order (row, column) = (0, 0), (1, 0), (0, 1), (1, 1). An odd last row or
/// column is completed with zeros, which take part in the norm.
/// - Parameters:
///   - tokens: `[extent.x, extent.y, extent.z, channels]`: frames, height, width, channels.
///   - reduction: `4 * channels` to the new channels.
///   - merged: `[extent.x, (extent.y + 1) / 2, (extent.z + 1) / 2, reduction.columns]`.
package func mergePatches(
    of tokens: UnsafePointer<Float>, extent: SIMD3<Int>, channels: Int, norm: NormVectors,
    reduction: PackedPanels, into merged: UnsafeMutablePointer<Float>
) {
    let height = (extent.y + 1) / 2
    let width = (extent.z + 1) / 2
    let inner = 4 * channels
    let columns = reduction.columns
    let floats = rowsPerTask * inner
    ThreadPool.shared.runRanges(extent.x * height * width, grain: rowsPerTask) { range in
        withScratch(floats: floats) { rows in
            for index in range {
                let row = rows + (index &- range.lowerBound) &* inner
                let frame = index / (height &* width)
                let top = index / width % height &* 2
                let left = index % width &* 2
                for corner in 0..<4 {
                    let y = top &+ (corner & 1)
                    let x = left &+ (corner >> 1)
                    let to = row + corner &* channels
                    if y < extent.y, x < extent.z {
                        let token = (frame &* extent.y &+ y) &* extent.z &+ x
                        to.update(from: tokens + token &* channels, count: channels)
                    } else {
                        to.update(repeating: 0, count: channels)
                    }
                }
            }
            norm(rows: range.count, rows, into: rows)
            packedProduct(
                rows: range.count, rows, strideA: inner, reduction,
                into: merged + range.lowerBound &* columns, strideC: columns)
        }
    }
}
