/// The gradient of `maxPool`: each window's goes to the first of its largest pixels.
///
/// - Parameters:
///   - gradient: `[output pixels, channels]`.
///   - result: `[input pixels, channels]`.
package func maxPoolGradient(
    _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    into result: UnsafeMutablePointer<Float>
) {
    let (size, output, channels) = (geometry.input, geometry.output, geometry.channels)
    let groups = (channels + 7) / 8
    // Windows overlap: those of one frame and group of channels stay in one task.
    ThreadPool.shared.run(size.frames * groups) { task in
        let (frame, channel) = (task / groups, task % groups * 8)
        let lanes = min(8, channels - channel)
        let plane = frame &* size.height &* size.width &* channels &+ channel
        for pixel in 0..<size.height &* size.width {
            storeLanes(Float8(repeating: 0), result + (plane &+ pixel &* channels), lanes)
        }
        for row in 0..<output.height {
            let rows = window(
                row, geometry.stride.height, geometry.padding.height, geometry.kernel.height,
                size.height)
            for column in 0..<output.width {
                let columns = window(
                    column, geometry.stride.width, geometry.padding.width, geometry.kernel.width,
                    size.width)
                let pixel = (frame &* output.height &+ row) &* output.width &+ column
                addToLargest(
                    input + plane, rows: rows, columns: columns, width: size.width,
                    channels: channels, lanes: lanes,
                    loadLanes(gradient + (pixel &* channels &+ channel), lanes),
                    into: result + plane)
            }
        }
    }
}

/// Adds `gradient` to the first of the largest pixels of a window, lane by lane.
@inline(__always)
private func addToLargest(
    _ plane: UnsafePointer<Float>, rows: Range<Int>, columns: Range<Int>, width: Int, channels: Int,
    lanes: Int, _ gradient: Float8, into result: UnsafeMutablePointer<Float>
) {
    var best = Float8(repeating: -.infinity)
    for row in rows {
        for column in columns {
            best = maximum(best, loadLanes(plane + (row &* width &+ column) &* channels, lanes))
        }
    }
    var rest = gradient
    for row in rows {
        for column in columns {
            let pixel = (row &* width &+ column) &* channels
            let isLargest = loadLanes(plane + pixel, lanes) .== best
            let part = Float8(repeating: 0).replacing(with: rest, where: isLargest)
            storeLanes(loadLanes(result + pixel, lanes) + part, result + pixel, lanes)
            rest = rest.replacing(with: 0, where: isLargest)
        }
    }
}

/// Loads a whole vector where there is one, else its first `lanes`.
@inline(__always)
private func loadLanes(_ pointer: UnsafePointer<Float>, _ lanes: Int) -> Float8 {
    lanes == 8 ? load(pointer) : loadPartial(pointer, lanes)
}

@inline(__always)
private func storeLanes(_ value: Float8, _ pointer: UnsafeMutablePointer<Float>, _ lanes: Int) {
    if lanes == 8 { store(value, pointer) } else { storePartial(value, pointer, lanes) }
}
