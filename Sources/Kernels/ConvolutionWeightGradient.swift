/// Floats of gathered patches that a task holds at once: half a megabyte, in the second cache.
private let tileFloats = 131_072
/// Columns of the result that are gathered at once, where one tap has not more.
private let columnsAtOnce = 288
/// Rows of the inner index below which a task is not worth its own copy of the result.
private let fewestPixels = 512
/// Tasks that a gradient is split into, where work allows: enough for several threads to balance.
private let wantedTasks = 8

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
    let columns = patches.taps * channels
    let tapsAtOnce = min(patches.taps, max(1, columnsAtOnce / max(1, channels)))
    let split = GradientSplit(
        pixels: patches.pixels, outputs: outputs, columns: columns,
        columnsAtOnce: tapsAtOnce * channels)
    split.run(into: result) { task, target in
        let first = task.columns.lowerBound / channels
        let taps = first..<task.columns.upperBound / channels
        let tile = min(task.pixels.count, max(128, tileFloats / task.columns.count))
        withScratch(floats: tile * task.columns.count) { scratch in
            var pixel = task.pixels.lowerBound
            while pixel < task.pixels.upperBound {
                let count = min(tile, task.pixels.upperBound - pixel)
                patches.gather(pixels: pixel..<pixel + count, taps: taps, into: scratch)
                BLAS.product(
                    rows: task.outputs.count, columns: task.columns.count, inner: count,
                    gradient + (pixel * strideG + task.outputs.lowerBound), strideA: strideG,
                    transposeA: true, scratch, strideB: task.columns.count, target,
                    strideC: columns, accumulate: pixel > task.pixels.lowerBound)
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
    split.run(into: result) { task, target in
        BLAS.product(
            rows: task.outputs.count, columns: channels, inner: task.pixels.count,
            gradient + (task.pixels.lowerBound * strideG + task.outputs.lowerBound),
            strideA: strideG, transposeA: true, x + task.pixels.lowerBound * strideX,
            strideB: strideX, target, strideC: channels)
    }
}

/// How a sum of products over pixels is split: by rows and columns of the result, and by pixels, whose
/// parts are then added in order.
private struct GradientSplit {
    struct Task {
        let pixels: Range<Int>
        let outputs: Range<Int>
        let columns: Range<Int>
    }

    private let pixels: Int
    private let outputs: Int
    private let columns: Int
    private let columnsAtOnce: Int
    private let outputsAtOnce: Int
    private let pixelsAtOnce: Int

    init(pixels: Int, outputs: Int, columns: Int, columnsAtOnce: Int) {
        self.pixels = pixels
        self.outputs = outputs
        self.columns = columns
        self.columnsAtOnce = columnsAtOnce
        let columnTasks = Self.parts(columns, columnsAtOnce)
        // Wide results are split by outputs, narrow ones by pixels.
        let outputTasks = max(1, min(wantedTasks / columnTasks, outputs / 96))
        outputsAtOnce = (Self.parts(outputs, outputTasks) + 15) / 16 * 16
        let others = columnTasks * Self.parts(outputs, outputsAtOnce)
        let pixelTasks = max(1, min(Self.parts(wantedTasks, others), pixels / fewestPixels))
        pixelsAtOnce = max(1, Self.parts(pixels, pixelTasks))
    }

    /// Calls `body` with each task and where the first element of the result lies for it.
    func run(
        into result: UnsafeMutablePointer<Float>,
        _ body: (Task, UnsafeMutablePointer<Float>) -> Void
    ) {
        let size = outputs * columns
        guard pixels > 0 else { return result.update(repeating: 0, count: size) }
        let pixelTasks = Self.parts(pixels, pixelsAtOnce)
        let columnTasks = Self.parts(columns, columnsAtOnce)
        let outputTasks = Self.parts(outputs, outputsAtOnce)
        withScratch(floats: (pixelTasks - 1) * size) { scratch in
            ThreadPool.shared.run(pixelTasks * columnTasks * outputTasks) { index in
                let part = index / (columnTasks * outputTasks)
                let task = Task(
                    pixels: Self.part(part, pixelsAtOnce, of: pixels),
                    outputs: Self.part(
                        index / columnTasks % outputTasks, outputsAtOnce, of: outputs),
                    columns: Self.part(index % columnTasks, columnsAtOnce, of: columns))
                let target = part == 0 ? result : scratch + (part - 1) * size
                body(task, target + (task.outputs.lowerBound * columns + task.columns.lowerBound))
            }
            addParts(scratch, pixelTasks - 1, size: size, to: result)
        }
    }

    private static func parts(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

    private static func part(_ index: Int, _ size: Int, of count: Int) -> Range<Int> {
        index * size..<min(count, (index + 1) * size)
    }
}

/// Adds `count` vectors of `size` floats that lie one after the other to `result`, in order.
func addParts(
    _ parts: UnsafePointer<Float>, _ count: Int, size: Int,
    to result: UnsafeMutablePointer<Float>
) {
    guard count > 0 else { return }
    ThreadPool.shared.runRanges(size, grain: max(1024, elementwiseGrain / (count + 1))) { range in
        var i = range.lowerBound
        while i &+ 8 <= range.upperBound {
            var sum = load(result + i)
            for part in 0..<count { sum += load(parts + (part &* size &+ i)) }
            store(sum, result + i)
            i &+= 8
        }
        while i < range.upperBound {
            for part in 0..<count { result[i] += parts[part &* size &+ i] }
            i &+= 1
        }
    }
}
