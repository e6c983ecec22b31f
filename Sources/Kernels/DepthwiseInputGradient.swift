/// The gradient of the input of a convolution where each channel has a kernel of its own.
///
/// Each pixel of the input gathers from the pixels of the result that it went into.
///
/// - Parameters:
///   - gradient: `[output pixels, channels]`.
///   - weight: `[taps, channels]`.
///   - geometry: of the convolution itself.
///   - result: `[input pixels, channels]`.
package func depthwiseInputGradient(
    _ gradient: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ geometry: ConvolutionGeometry, into result: UnsafeMutablePointer<Float>
) {
    let width = geometry.input.width
    ThreadPool.shared.run(geometry.input.frames * geometry.input.height) { line in
        withUnsafeTemporaryAllocation(of: DepthwiseTap.self, capacity: geometry.kernel.count) {
            buffer in
            guard let taps = buffer.baseAddress else { return }
            for column in 0..<width {
                let count = resultsOf(
                    gradient, weight, geometry, line: line, column: column, into: taps)
                sumTaps(
                    taps, count, channels: geometry.channels,
                    into: result + (line &* width &+ column) &* geometry.channels, Epilogue())
            }
        }
    }
}

/// Lists the pixels of the result that an input pixel went into. `line` counts rows over all frames.
@inline(__always)
private func resultsOf(
    _ gradient: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    _ geometry: ConvolutionGeometry, line: Int, column: Int,
    into taps: UnsafeMutablePointer<DepthwiseTap>
) -> Int {
    let (size, kernel) = (geometry.output, geometry.kernel)
    let (stride, padding, dilation) = (geometry.stride, geometry.padding, geometry.dilation)
    let frame = line / geometry.input.height
    let row = line &- frame &* geometry.input.height
    var count = 0
    for kernelFrame in 0..<kernel.frames {
        let t = reading(
            frame &+ padding.frames &- kernelFrame &* dilation.frames, stride.frames, size.frames)
        guard t >= 0 else { continue }
        for kernelRow in 0..<kernel.height {
            let y = reading(
                row &+ padding.height &- kernelRow &* dilation.height, stride.height, size.height)
            guard y >= 0 else { continue }
            for kernelColumn in 0..<kernel.width {
                let x = reading(
                    column &+ padding.width &- kernelColumn &* dilation.width, stride.width,
                    size.width)
                guard x >= 0 else { continue }
                let pixel = (t &* size.height &+ y) &* size.width &+ x
                let tap =
                    (kernelFrame &* kernel.height &+ kernelRow) &* kernel.width &+ kernelColumn
                (taps + count).initialize(
                    to: DepthwiseTap(
                        pixel: gradient + pixel &* geometry.channels,
                        weight: weight + tap &* geometry.channels))
                count &+= 1
            }
        }
    }
    return count
}

/// The index of the result, along one axis, whose first tap is at `position`; -1 where there is none.
@inline(__always)
private func reading(_ position: Int, _ stride: Int, _ length: Int) -> Int {
    guard position >= 0 else { return -1 }
    if stride == 1 { return position < length ? position : -1 }
    let index = position / stride
    return index < length && index &* stride == position ? index : -1
}
