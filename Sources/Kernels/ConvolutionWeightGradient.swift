/// Pixels of a tile of gathered patches.
private let pixelsPerTile = 256
/// Columns of the result that are gathered at once, where one tap has not more.
private let columnsPerTile = 288

/// The gradient of a convolution's weight: `result = transpose(gradient) * patches`, over the pool.
///
/// The patches are gathered tile by tile; their matrix never exists as a whole. The split into tasks
/// depends on the shapes only, so that the bits do not depend on the number of threads.
///
/// - Parameters:
///   - gradient: `[pixels, outputs]`, `strideG` floats from pixel to pixel.
///   - result: `[outputs, taps * channels]`, without gaps.
package func convolutionWeightGradient(
    _ patches: some PatchSource, gradient: UnsafePointer<Float>, strideG: Int, outputs: Int,
    into result: UnsafeMutablePointer<Float>
) {
    let channels = patches.channels
    let tapsAtOnce = min(patches.taps, max(1, columnsPerTile / max(1, channels)))
    let split = GradientSplit(
        pixels: patches.pixels, outputs: outputs, columns: patches.taps * channels,
        columnsAtOnce: tapsAtOnce * channels)
    split.run(into: result) { task, target in
        let first = task.columns.lowerBound / channels
        let taps = first..<task.columns.upperBound / channels
        let width = task.columns.count
        withScratch(floats: pixelsPerTile * (width + split.paddedColumns)) { scratch in
            let padded = width == split.paddedColumns ? scratch : scratch + pixelsPerTile * width
            var pixel = task.pixels.lowerBound
            while pixel < task.pixels.upperBound {
                let count = min(pixelsPerTile, task.pixels.upperBound - pixel)
                patches.gather(pixels: pixel..<pixel + count, taps: taps, into: scratch)
                if padded != scratch {
                    copyRows(
                        count, width, scratch, stride: width, to: padded,
                        stride: split.paddedColumns)
                }
                outerProduct(
                    rows: task.outputs.count, columns: split.paddedColumns, inner: count,
                    gradient + (pixel * strideG + task.outputs.lowerBound), strideA: strideG,
                    padded, strideB: split.paddedColumns, into: target,
                    strideC: split.paddedColumns, accumulate: pixel > task.pixels.lowerBound)
                pixel += count
            }
        }
    }
}

/// The same for a kernel of one pixel, whose patches are the pixels of `x` themselves:
/// `result = transpose(gradient) * x`.
///
/// - Parameters:
///   - x: `[pixels, channels]`, `strideX` floats from pixel to pixel.
///   - result: `[outputs, channels]`, without gaps.
package func pointwiseWeightGradient(
    pixels: Int, _ x: UnsafePointer<Float>, strideX: Int, channels: Int,
    gradient: UnsafePointer<Float>, strideG: Int, outputs: Int,
    into result: UnsafeMutablePointer<Float>
) {
    let split = GradientSplit(
        pixels: pixels, outputs: outputs, columns: channels, columnsAtOnce: channels)
    let width = split.paddedColumns
    split.run(into: result) { task, target in
        withScratch(floats: width == channels ? 0 : pixelsPerTile * width) { scratch in
            for pixel in stride(
                from: task.pixels.lowerBound, to: task.pixels.upperBound, by: pixelsPerTile)
            {
                let count = min(pixelsPerTile, task.pixels.upperBound - pixel)
                let rows = x + pixel * strideX
                if width != channels {
                    copyRows(count, channels, rows, stride: strideX, to: scratch, stride: width)
                }
                outerProduct(
                    rows: task.outputs.count, columns: width, inner: count,
                    gradient + (pixel * strideG + task.outputs.lowerBound), strideA: strideG,
                    width == channels ? rows : UnsafePointer(scratch),
                    strideB: width == channels ? strideX : width, into: target, strideC: width,
                    accumulate: pixel > task.pixels.lowerBound)
            }
        }
    }
}

/// Copies rows of `count` floats to longer ones, filled up with zeros.
private func copyRows(
    _ rows: Int, _ count: Int, _ source: UnsafePointer<Float>, stride: Int,
    to target: UnsafeMutablePointer<Float>, stride targetStride: Int
) {
    for row in 0..<rows {
        copyFloats(source + row &* stride, to: target + row &* targetStride, count: count)
        let rest = target + (row &* targetStride &+ count)
        for column in 0..<targetStride &- count { rest[column] = 0 }
    }
}
