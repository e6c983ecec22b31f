/// The maximum over windows of each channel's plane. Padding never wins: windows are cut at the edge.
///
/// Every window holds at least one pixel of the input: padding is at most half the kernel.
package func maxPool(
    _ input: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    into output: UnsafeMutablePointer<Float>
) {
    let size = geometry.input
    let result = geometry.output
    ThreadPool.shared.run(result.frames * result.height) { line in
        let frame = line / result.height
        let rows = window(
            line % result.height, geometry.stride.height, geometry.padding.height,
            geometry.kernel.height, size.height)
        let plane = input + frame &* size.height &* size.width &* geometry.channels
        for column in 0..<result.width {
            let columns = window(
                column, geometry.stride.width, geometry.padding.width, geometry.kernel.width,
                size.width)
            maximumOfWindow(
                plane, rows: rows, columns: columns, width: size.width, channels: geometry.channels,
                into: output + (line &* result.width &+ column) &* geometry.channels)
        }
    }
}

/// The input indices that output index `index` looks at, along one axis.
@inline(__always)
func window(_ index: Int, _ stride: Int, _ padding: Int, _ kernel: Int, _ length: Int)
    -> Range<Int>
{
    let begin = index &* stride &- padding
    return max(0, begin)..<max(max(0, begin), min(length, begin &+ kernel))
}

@inline(__always)
private func maximumOfWindow(
    _ plane: UnsafePointer<Float>, rows: Range<Int>, columns: Range<Int>, width: Int, channels: Int,
    into target: UnsafeMutablePointer<Float>
) {
    var channel = 0
    while channel &+ 8 <= channels {
        var best = Float8(repeating: -.infinity)
        for row in rows {
            for column in columns {
                best = maximum(best, load(plane + (row &* width &+ column) &* channels + channel))
            }
        }
        store(best, target + channel)
        channel &+= 8
    }
    while channel < channels {
        var best = -Float.infinity
        for row in rows {
            for column in columns {
                let value = plane[(row &* width &+ column) &* channels &+ channel]
                if best < value { best = value }
            }
        }
        target[channel] = best
        channel &+= 1
    }
}
