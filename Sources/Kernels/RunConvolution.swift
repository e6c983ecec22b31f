/// A convolution over images whose patches are read where they lie: what a kernel row covers is one run of the input.
///
/// Where channels and outputs are few, gathering patches takes longer than their product. The sums are those of
/// ``convolve``, in the same order.
///
/// - Parameters:
///   - weight: inner index over kernel rows, then columns, then channels; see ``fits(_:_:)``.
///   - c: `[pixels, weight.columns]`.
package struct RunConvolution {
    private let input: UnsafePointer<Float>
    private let weight: PackedPanels
    private let geometry: ConvolutionGeometry
    private let c: UnsafeMutablePointer<Float>
    private let epilogue: Epilogue

    package init(
        _ input: UnsafePointer<Float>, _ weight: PackedPanels, _ geometry: ConvolutionGeometry,
        into c: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        self.input = input
        self.weight = weight
        self.geometry = geometry
        self.c = c
        self.epilogue = epilogue
    }

    /// The largest inner index: a panel of the weight stays in the first cache.
    private static let mostSteps = 256

    /// Whether a convolution can be, and gains by being, computed so. With 512-bit vectors the product over gathered
    /// patches is the faster one.
    package static func fits(_ geometry: ConvolutionGeometry, _ weight: PackedPanels) -> Bool {
        let kernel = geometry.kernel
        return kernel.frames == 1 && geometry.padding.frames == 0 && geometry.stride.frames == 1
            && geometry.trailingPadding.frames == 0 && geometry.dilation.width == 1
            && weight.inner == kernel.count * geometry.channels && weight.inner <= mostSteps
            && weight.columns % PackedPanels.width == 0 && !InstructionSet.usesWideVectors
    }

    /// Computes it, over the pool.
    package func run() {
        let rows = geometry.output.frames * geometry.output.height
        let inside = geometry.columnsInside
        ThreadPool.shared.runRanges(rows, grain: max(1, rows / ThreadPool.wantedTasks)) { rows in
            for row in rows {
                gathered(row, 0..<inside.lowerBound)
                direct(row, inside)
                gathered(row, inside.upperBound..<geometry.output.width)
            }
        }
    }

    /// Some columns of an output row, none of whose taps lies beside the input. `row` counts over all frames.
    private func direct(_ row: Int, _ columns: Range<Int>) {
        let (size, kernel) = (geometry.input, geometry.kernel)
        let (frame, outputRow) = row.quotientAndRemainder(dividingBy: geometry.output.height)
        let top = outputRow &* geometry.stride.height &- geometry.padding.height
        let down = geometry.dilation.height
        // The kernel rows that lie inside.
        let first = min(kernel.height, max(0, (down &- 1 &- top) / down))
        let end = max(first, min(kernel.height, (size.height &- top &+ down &- 1) / down))
        let count = end &- first
        let line = size.width &* geometry.channels
        let length = kernel.width &* geometry.channels
        let pixelStride = geometry.stride.width &* geometry.channels
        var origin = input
        // With no kernel row inside, nothing is read.
        if count > 0 {
            let inputRow = frame &* size.height &+ top &+ first &* down
            origin += inputRow &* line &- geometry.padding.width &* geometry.channels
        }
        for panel in 0..<weight.columns / PackedPanels.width {
            let column = panel &* PackedPanels.width
            let values =
                weight.panels + (panel &* weight.inner &+ first &* length) &* PackedPanels.width
            var pixel = columns.lowerBound
            while pixel < columns.upperBound {
                let place = row &* geometry.output.width &+ pixel
                let tile = min(productTileRows, columns.upperBound &- pixel)
                runTile(
                    anyRows: tile, runs: count, runStride: down &* line, runLength: length,
                    origin + pixel &* pixelStride, pixelStride, values,
                    c + (place &* weight.columns &+ column), weight.columns,
                    epilogue.advanced(row: place, column: column))
                pixel &+= tile
            }
        }
    }

    /// Columns some of whose taps may lie beside the input.
    private func gathered(_ row: Int, _ columns: Range<Int>) {
        guard !columns.isEmpty else { return }
        let first = row * geometry.output.width
        convolve(
            ConvolutionPatches(input, geometry, channels: geometry.channels),
            pixels: first + columns.lowerBound..<first + columns.upperBound, weight, into: c,
            strideC: weight.columns, epilogue: epilogue)
    }
}
