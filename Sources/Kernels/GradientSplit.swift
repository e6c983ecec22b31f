/// Rows of the inner index below which a task is not worth its own copy of the result.
private let fewestPixels = 512
/// Tasks that a gradient is split into, where work allows: enough for several threads to balance.
private let wantedTasks = 8

/// How a weight's gradient, a sum of products over pixels, is split: by rows and columns of the result,
/// and by pixels, whose parts are then added in order.
struct GradientSplit {
    struct Task {
        let pixels: Range<Int>
        let outputs: Range<Int>
        let columns: Range<Int>
    }

    /// The length of a task's rows: its columns, filled up for ``outerProduct``.
    let paddedColumns: Int

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
        paddedColumns = Self.parts(columnsAtOnce, outerProductColumns) * outerProductColumns
        let columnTasks = Self.parts(columns, columnsAtOnce)
        // Wide results are split by outputs, narrow ones by pixels.
        let outputTasks = max(1, min(wantedTasks / columnTasks, outputs / 96))
        outputsAtOnce = (Self.parts(outputs, outputTasks) + 11) / 12 * 12
        let others = columnTasks * Self.parts(outputs, outputsAtOnce)
        let pixelTasks = max(1, min(Self.parts(wantedTasks, others), pixels / fewestPixels))
        pixelsAtOnce = max(1, Self.parts(pixels, pixelTasks))
    }

    /// Calls `body` with each task and where its part of the result goes, whose rows are `paddedColumns`
    /// long; then writes `result`, `[outputs, columns]`.
    func run(
        into result: UnsafeMutablePointer<Float>,
        _ body: (Task, UnsafeMutablePointer<Float>) -> Void
    ) {
        guard pixels > 0 else { return result.update(repeating: 0, count: outputs * columns) }
        let parts = Self.parts(pixels, pixelsAtOnce)
        let columnTasks = Self.parts(columns, columnsAtOnce)
        let outputTasks = Self.parts(outputs, outputsAtOnce)
        let size = columnTasks * outputs * paddedColumns
        withScratch(floats: parts * size) { scratch in
            ThreadPool.shared.run(parts * columnTasks * outputTasks) { index in
                let (part, block) = (index / (columnTasks * outputTasks), index % columnTasks)
                let task = Task(
                    pixels: Self.part(part, pixelsAtOnce, of: pixels),
                    outputs: Self.part(
                        index / columnTasks % outputTasks, outputsAtOnce, of: outputs),
                    columns: Self.part(block, columnsAtOnce, of: columns))
                let row = block * outputs + task.outputs.lowerBound
                body(task, scratch + (part * size + row * paddedColumns))
            }
            ThreadPool.shared.runRanges(
                outputs, grain: max(1, elementwiseGrain / (columns * parts))
            ) { rows in
                for row in rows {
                    for block in 0..<columnTasks {
                        let range = Self.part(block, columnsAtOnce, of: columns)
                        sumParts(
                            scratch + (block * outputs + row) * paddedColumns, parts, apart: size,
                            count: range.count, into: result + (row * columns + range.lowerBound))
                    }
                }
            }
        }
    }

    private static func parts(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

    private static func part(_ index: Int, _ size: Int, of count: Int) -> Range<Int> {
        index * size..<min(count, (index + 1) * size)
    }
}

/// `result = ` the sum of `parts` vectors of `count` floats, in order, `apart` floats from one to the next.
func sumParts(
    _ source: UnsafePointer<Float>, _ parts: Int, apart: Int, count: Int,
    into result: UnsafeMutablePointer<Float>
) {
    var i = 0
    while i &+ 8 <= count {
        var sum = load(source + i)
        for part in 1..<max(1, parts) { sum += load(source + (part &* apart &+ i)) }
        store(sum, result + i)
        i &+= 8
    }
    while i < count {
        var sum = source[i]
        for part in 1..<max(1, parts) { sum += source[part &* apart &+ i] }
        result[i] = sum
        i &+= 1
    }
}
