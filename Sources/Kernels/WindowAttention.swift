/// What the attention of all windows of one Swin block shares.
package struct WindowAttentionWeights: Sendable {
    package let channels: Int
    package let heads: Int
    /// Layer norm before the projection.
    package let norm: NormVectors
    /// One matrix a head: `channels` to the head's query, key and value, side by side.
    package let queryKeyValue: [PackedPanels]
    /// `[heads, 3 * headWidth]`.
    package let queryKeyValueBias: FloatVector
    package let projection: PackedPanels
    package let projectionBias: FloatVector

    package init(
        channels: Int, heads: Int, norm: NormVectors, queryKeyValue: [PackedPanels],
        queryKeyValueBias: FloatVector, projection: PackedPanels, projectionBias: FloatVector
    ) {
        self.channels = channels
        self.heads = heads
        self.norm = norm
        self.queryKeyValue = queryKeyValue
        self.queryKeyValueBias = queryKeyValueBias
        self.projection = projection
        self.projectionBias = projectionBias
    }

    var headWidth: Int { channels / heads }
}

/// The relative position bias of all heads, `[heads, tokens, stride]`.
package struct PositionBias {
    package let values: UnsafePointer<Float>
    package let stride: Int

    package init(values: UnsafePointer<Float>, stride: Int) {
        self.values = values
        self.stride = stride
    }
}

/// One Swin attention block over a whole clip, in place: `stream += projection(attention(norm(stream)))`.
///
/// A task gathers a window's rows with the norm applied, then goes head by head (query, key and value of a
/// head stay in the second cache), projects, and adds the result to the window's own rows. Nothing of the
/// size of the stream is made. Where windows are few, the heads of a window are shared by several tasks, and
/// the projection by others: then the heads' results are kept in between.
///
/// Padding tokens are zeros after the norm: their query, key and value are the bias, and they take part
/// as keys. As queries they are left out, unless `attended` asks for them. Windows that the cyclic shift made of
/// regions from afar add -100 between regions.
///
/// - Parameters:
///   - stream: `[frames * height * width, channels]`.
///   - attended: receives each window's projected attention, `[windows, tokens, channels]`, padding
///     included, where given.
package func attendWindows(
    of stream: UnsafeMutablePointer<Float>, grid: WindowGrid, _ weights: WindowAttentionWeights,
    bias: PositionBias, attended: UnsafeMutablePointer<Float>? = nil
) {
    let block = WindowBlock(stream: stream, grid: grid, weights: weights, bias: bias)
    let headTasks = headTasks(windows: grid.windows, heads: weights.heads)
    let window = grid.tokens * weights.channels
    if let attended {
        ThreadPool.shared.run(grid.windows) { index in
            withScratch(floats: window) { output in
                let projected = attended + index * window
                block.attend(index, heads: 0..<weights.heads, withPadding: true, into: output)
                block.project(output, rows: 0..<grid.tokens, into: projected)
                block.add(projected, of: index)
            }
        }
        return
    }
    guard headTasks > 1 else {
        ThreadPool.shared.run(grid.windows) { index in
            withScratch(floats: window) { output in
                block.attend(index, heads: 0..<weights.heads, into: output)
                block.addProjection(of: output, index, rows: 0..<grid.tokens)
            }
        }
        return
    }
    withScratch(floats: grid.windows * window) { outputs in
        ThreadPool.shared.run(grid.windows * headTasks) { task in
            let (index, part) = (task / headTasks, task % headTasks)
            block.attend(
                index,
                heads: part * weights.heads / headTasks..<(part + 1) * weights.heads / headTasks,
                into: outputs + index * window)
        }
        let rowTasks = (grid.tokens + rowsPerTask - 1) / rowsPerTask
        ThreadPool.shared.run(grid.windows * rowTasks) { task in
            let (index, first) = (task / rowTasks, task % rowTasks * rowsPerTask)
            block.addProjection(
                of: outputs + index * window, index,
                rows: first..<min(grid.tokens, first + rowsPerTask))
        }
    }
}

/// Rows of a window that are projected together where tasks share a window.
private let rowsPerTask = 96

/// How many tasks share the heads of a window: one, where windows are tasks enough.
private func headTasks(windows: Int, heads: Int) -> Int {
    windows > 0 ? min(heads, ThreadPool.parts(ofEach: windows)) : 1
}
