/// A convolution where each channel has a kernel of its own, straight from the input.
///
/// - Parameters:
///   - weight: `[taps, channels]`.
///   - output: `[output pixels, channels]`.
package func depthwiseConvolve(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    into output: UnsafeMutablePointer<Float>, epilogue: Epilogue
) {
    let channels = geometry.channels
    let rows = geometry.output.frames * geometry.output.height
    let width = geometry.output.width
    ThreadPool.shared.run(rows) { row in
        let frame = row / geometry.output.height
        for column in 0..<width {
            let pixel = row &* width &+ column
            let target = output + pixel &* channels
            sumTaps(
                input, weight, geometry, at: (frame, row % geometry.output.height, column),
                into: target, accumulate: epilogue.accumulate)
            finish(target, channels: channels, epilogue.advanced(row: pixel, column: 0))
        }
    }
}

/// Writes the sum over the taps that are inside, for all channels of one pixel.
@inline(__always)
private func sumTaps(
    _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    at pixel: (frame: Int, row: Int, column: Int), into target: UnsafeMutablePointer<Float>,
    accumulate: Bool
) {
    let channels = geometry.channels
    let kernel = geometry.kernel
    let size = geometry.input
    if !accumulate { clearFloats(target, count: channels) }
    for tap in 0..<kernel.count {
        let kernelFrame = tap / (kernel.width &* kernel.height)
        let frame =
            pixel.frame &* geometry.stride.frames &+ kernelFrame &* geometry.dilation.frames
            &- geometry.padding.frames
        let row =
            pixel.row &* geometry.stride.height
            &+ tap / kernel.width % kernel.height &* geometry.dilation.height
            &- geometry.padding.height
        let column =
            pixel.column &* geometry.stride.width &+ tap % kernel.width &* geometry.dilation.width
            &- geometry.padding.width
        guard frame >= 0, frame < size.frames, row >= 0, row < size.height, column >= 0,
            column < size.width
        else { continue }
        let source = input + ((frame &* size.height &+ row) &* size.width &+ column) &* channels
        let weight = weight + tap &* channels
        var i = 0
        while i &+ 8 <= channels {
            store(multiplyAdd(load(source + i), load(weight + i), load(target + i)), target + i)
            i &+= 8
        }
        while i < channels {
            target[i] += source[i] * weight[i]
            i &+= 1
        }
    }
}

/// Adds bias and residual to the channels of one pixel and applies the activation.
@inline(__always)
private func finish(_ target: UnsafeMutablePointer<Float>, channels: Int, _ epilogue: Epilogue) {
    var i = 0
    while i < channels {
        let count = min(8, channels &- i)
        var value = loadPart(target + i, count)
        if let bias = epilogue.bias { value += loadPart(bias + i, count) }
        if let residual = epilogue.residual { value += loadPart(residual + i, count) }
        switch epilogue.activation {
        case .none: break
        case .relu: value = maximum(value, Float8(repeating: 0))
        case .gelu: value = gelu(value)
        }
        if count == 8 {
            store(value, target + i)
        } else {
            for j in 0..<count { target[i &+ j] = value[j] }
        }
        i &+= 8
    }
}

/// The first `count` of eight floats, zeros behind them.
@inline(__always)
private func loadPart(_ pointer: UnsafePointer<Float>, _ count: Int) -> Float8 {
    if count == 8 { return load(pointer) }
    var value = Float8(repeating: 0)
    for i in 0..<count { value[i] = pointer[i] }
    return value
}
