/// A convolution where each channel has a kernel of its own, straight from the input.
///
/// - Parameters:
///   - weight: `[taps, channels]`.
///   - output: `[output pixels, channels]`.
package func depthwiseConvolve(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    into output: UnsafeMutablePointer<Float>, epilogue: Epilogue
) {
    let width = geometry.output.width
    ThreadPool.shared.run(geometry.output.frames * geometry.output.height) { row in
        withUnsafeTemporaryAllocation(of: DepthwiseTap.self, capacity: geometry.kernel.count) {
            buffer in
            guard let taps = buffer.baseAddress else { return }
            for column in 0..<width {
                let pixel = row &* width &+ column
                let count = tapsInside(
                    input, weight, geometry, row: row, column: column, into: taps)
                sumTaps(
                    taps, count, channels: geometry.channels,
                    into: output + pixel &* geometry.channels,
                    epilogue.advanced(row: pixel, column: 0))
            }
        }
    }
}

/// A pixel of the input and what its channels are multiplied by.
struct DepthwiseTap {
    let pixel: UnsafePointer<Float>
    let weight: UnsafePointer<Float>
}

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

/// Writes the sum over the taps, with the epilogue, for all channels of one pixel.
@inline(__always)
func sumTaps(
    _ taps: UnsafePointer<DepthwiseTap>, _ count: Int, channels: Int,
    into target: UnsafeMutablePointer<Float>, _ epilogue: Epilogue
) {
    var channel = 0
    // Four vectors at a time, so that a tap is looked up once for them.
    while channel &+ 32 <= channels {
        var (a, b) = (Float8(repeating: 0), Float8(repeating: 0))
        var (c, d) = (Float8(repeating: 0), Float8(repeating: 0))
        for tap in 0..<count {
            let pixel = taps[tap].pixel + channel
            let weight = taps[tap].weight + channel
            a = multiplyAdd(load(pixel), load(weight), a)
            b = multiplyAdd(load(pixel + 8), load(weight + 8), b)
            c = multiplyAdd(load(pixel + 16), load(weight + 16), c)
            d = multiplyAdd(load(pixel + 24), load(weight + 24), d)
        }
        finish(a, channel, target, epilogue)
        finish(b, channel &+ 8, target, epilogue)
        finish(c, channel &+ 16, target, epilogue)
        finish(d, channel &+ 24, target, epilogue)
        channel &+= 32
    }
    while channel &+ 8 <= channels {
        var sum = Float8(repeating: 0)
        for tap in 0..<count {
            sum = multiplyAdd(
                load(taps[tap].pixel + channel), load(taps[tap].weight + channel), sum)
        }
        finish(sum, channel, target, epilogue)
        channel &+= 8
    }
    let left = channels &- channel
    guard left > 0 else { return }
    var sum = Float8(repeating: 0)
    for tap in 0..<count {
        sum = multiplyAdd(
            loadPartial(taps[tap].pixel + channel, left),
            loadPartial(taps[tap].weight + channel, left), sum)
    }
    if epilogue.accumulate { sum += loadPartial(target + channel, left) }
    if let bias = epilogue.bias { sum += loadPartial(bias + channel, left) }
    if let residual = epilogue.residual { sum += loadPartial(residual + channel, left) }
    storePartial(epilogue.activation(sum), target + channel, left)
}

/// Stores eight sums after the epilogue.
@inline(__always)
private func finish(
    _ sum: Float8, _ channel: Int, _ target: UnsafeMutablePointer<Float>, _ epilogue: Epilogue
) {
    var sum = sum
    if epilogue.accumulate { sum += load(target + channel) }
    if let bias = epilogue.bias { sum += load(bias + channel) }
    if let residual = epilogue.residual { sum += load(residual + channel) }
    store(epilogue.activation(sum), target + channel)
}
