/// Rows of a task: the gathered patches and their panel stay in the second cache.
private let rowsPerTask = 96

/// Cuts a clip into patches and projects each one, then normalises it where `norm` is given.
///
/// The clip is zero beyond its right, lower and last edge up to whole patches.
/// - Parameters:
///   - clip: `[extent.x, extent.y, extent.z, channels]`: frames, height, width, channels.
///   - patch: frames, height and width of a patch.
///   - projection: inner index in the order frame, line, column, channel of the patch.
///   - tokens: `[patches, projection.columns]`.
package func embedPatches(
    of clip: UnsafePointer<Float>, extent: SIMD3<Int>, channels: Int, patch: SIMD3<Int>,
    projection: PackedPanels, bias: FloatVector, norm: NormVectors?,
    into tokens: UnsafeMutablePointer<Float>
) {
    let counts = (extent &+ patch &- 1) / patch
    let inner = projection.inner
    let columns = projection.columns
    let floats = rowsPerTask * inner
    ThreadPool.shared.runRanges(counts.x * counts.y * counts.z, grain: rowsPerTask) { range in
        withScratch(floats: floats) { rows in
            for index in range {
                let place = SIMD3(
                    index / (counts.y * counts.z), index / counts.z % counts.y, index % counts.z)
                gatherPatch(
                    clip, extent: extent, channels: channels, origin: place &* patch, patch: patch,
                    into: rows + (index &- range.lowerBound) &* inner)
            }
            let own = tokens + range.lowerBound &* columns
            packedProduct(
                rows: range.count, rows, strideA: inner, projection, into: own, strideC: columns,
                epilogue: Epilogue(bias: bias.values))
            norm?(rows: range.count, own, into: own)
        }
    }
}

/// Copies a patch, line by line, zeros where it leaves the clip.
private func gatherPatch(
    _ clip: UnsafePointer<Float>, extent: SIMD3<Int>, channels: Int, origin: SIMD3<Int>,
    patch: SIMD3<Int>, into row: UnsafeMutablePointer<Float>
) {
    let lineLength = patch.z &* channels
    let available = min(patch.z, extent.z &- origin.z) &* channels
    var to = row
    for frame in origin.x..<origin.x &+ patch.x {
        for line in origin.y..<origin.y &+ patch.y {
            let copied = frame < extent.x && line < extent.y ? available : 0
            let from = clip + ((frame &* extent.y &+ line) &* extent.z &+ origin.z) &* channels
            for i in 0..<copied { to[i] = from[i] }
            for i in copied..<lineLength { to[i] = 0 }
            to += lineLength
        }
    }
}
