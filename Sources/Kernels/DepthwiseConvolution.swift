import CInstructionSet

/// A convolution where each channel has a kernel of its own, straight from the input.
///
/// - Parameters:
///   - weight: `[taps, channels]`.
///   - output: `[output pixels, channels]`.
package func depthwiseConvolve(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    into output: UnsafeMutablePointer<Float>, epilogue: Epilogue
) {
    let rows = geometry.output.frames * geometry.output.height
    // Tiles are of whole pairs of vectors of channels.
    let width = geometry.output.width
    let inside = geometry.channels % 16 == 0 ? geometry.columnsInside : width..<width
    // Neighbouring rows share most of what they read.
    let rowsPerTask = max(1, rows / ThreadPool.wantedTasks)
    ThreadPool.shared.runRanges(rows, grain: rowsPerTask) { rows in
        withUnsafeTemporaryAllocation(of: DepthwiseTap.self, capacity: geometry.kernel.count) {
            buffer in
            guard let taps = buffer.baseAddress else { return }
            for row in rows {
                convolveRow(
                    input, weight, geometry, row: row, inside: inside, into: output, epilogue, taps)
            }
        }
    }
}

/// One row of the output: the pixels at its ends one by one, those between in tiles.
///
/// - Parameter taps: memory for as many as the kernel has.
private func convolveRow(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    row: Int, inside: Range<Int>, into output: UnsafeMutablePointer<Float>, _ epilogue: Epilogue,
    _ taps: UnsafeMutablePointer<DepthwiseTap>
) {
    let (width, channels) = (geometry.output.width, geometry.channels)
    func sumAlone(_ columns: Range<Int>) {
        for column in columns {
            let pixel = row &* width &+ column
            let count = tapsInside(
                input, weight, geometry, row: row, column: column, into: taps)
            sumTaps(
                taps, count, channels: channels, into: output + pixel &* channels,
                epilogue.advanced(row: pixel, column: 0))
        }
    }
    sumAlone(0..<inside.lowerBound)
    // While a tile is worked on, a share of what the next row reads is called from afar, in order.
    var (ahead, end) = lines(of: row &+ 1, input, geometry)
    let tiles = (inside.count &+ tileColumns &- 1) / tileColumns
    let share = ((end - ahead) / max(1, tiles) &+ 15) & ~15
    for first in stride(from: inside.lowerBound, to: inside.upperBound, by: tileColumns) {
        let shareEnd = min(end, ahead + share)
        while ahead < shareEnd {
            martlet_prefetch(ahead)
            ahead += 16
        }
        let pixel = row &* width &+ first
        let count = tapsInside(input, weight, geometry, row: row, column: first, into: taps)
        sumTaps(
            taps, count, columns: min(tileColumns, inside.upperBound &- first),
            step: geometry.stride.width &* channels, channels: channels,
            into: output + pixel &* channels, epilogue.advanced(row: pixel, column: 0))
    }
    sumAlone(inside.upperBound..<width)
}

/// Where the rows of the input lie that an output row reads and the one before it does not.
private func lines(
    of row: Int, _ input: UnsafePointer<Float>, _ geometry: ConvolutionGeometry
) -> (start: UnsafePointer<Float>, end: UnsafePointer<Float>) {
    let (size, kernel) = (geometry.input, geometry.kernel)
    let (frame, outputRow) = row.quotientAndRemainder(dividingBy: geometry.output.height)
    let last =
        outputRow * geometry.stride.height + (kernel.height - 1) * geometry.dilation.height
        - geometry.padding.height
    let t =
        frame * geometry.stride.frames + (kernel.frames - 1) * geometry.dilation.frames
        - geometry.padding.frames
    guard t >= 0, t < size.frames else { return (input, input) }
    let end = max(0, min(size.height, last + 1))
    let rows = min(end, max(0, last + 1 - geometry.stride.height))..<end
    let line = size.width * geometry.channels
    guard !rows.isEmpty else { return (input, input) }
    let start = input + (t * size.height + rows.lowerBound) * line
    return (start, start + rows.count * line)
}

/// Neighbouring output pixels whose sums are in registers together: each weight is read once for them.
private let tileColumns = productTileRows

/// Lists the taps of an output pixel that lie inside the input. `row` counts over all frames.
@inline(__always)
private func tapsInside(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    row: Int, column: Int, into taps: UnsafeMutablePointer<DepthwiseTap>
) -> Int {
    let (size, kernel) = (geometry.input, geometry.kernel)
    let (stride, padding, dilation) = (geometry.stride, geometry.padding, geometry.dilation)
    let outputFrame = row / geometry.output.height
    let outputRow = row &- outputFrame &* geometry.output.height
    var tap = 0
    var count = 0
    for kernelFrame in 0..<kernel.frames {
        let t =
            outputFrame &* stride.frames &+ kernelFrame &* dilation.frames &- padding.frames
        for kernelRow in 0..<kernel.height {
            let y = outputRow &* stride.height &+ kernelRow &* dilation.height &- padding.height
            for kernelColumn in 0..<kernel.width {
                let x =
                    column &* stride.width &+ kernelColumn &* dilation.width &- padding.width
                let isInside =
                    t >= 0 && t < size.frames && y >= 0 && y < size.height && x >= 0
                    && x < size.width
                if isInside {
                    let pixel = (t &* size.height &+ y) &* size.width &+ x
                    (taps + count).initialize(
                        to: DepthwiseTap(
                            pixel: input + pixel &* geometry.channels,
                            weight: weight + tap &* geometry.channels))
                    count &+= 1
                }
                tap &+= 1
            }
        }
    }
    return count
}
