/// Channels that go through a band together: a line of the first cache.
private let channelsAtOnce = 16
/// Floats of the gradient in a band of rows: with the input's they stay in the second cache.
private let bandFloats = 65_536

/// The gradient of the weight of a convolution where each channel has a kernel of its own.
///
/// Bands of rows have sums of their own, which are then added in order: the bits do not depend on the
/// number of threads.
///
/// - Parameters:
///   - gradient: `[output pixels, channels]`.
///   - geometry: of the convolution itself.
///   - result: `[taps, channels]`.
package func depthwiseWeightGradient(
    _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, _ geometry: ConvolutionGeometry,
    into result: UnsafeMutablePointer<Float>
) {
    let (channels, lines) = (geometry.channels, geometry.output.frames * geometry.output.height)
    let size = geometry.kernel.count * channels
    result.update(repeating: 0, count: size)
    guard lines > 0 else { return }
    // A band pays for its own sums with eight pixels a tap at least.
    let wanted = min(
        geometry.output.count * channels / bandFloats,
        geometry.output.count / (8 * geometry.kernel.count), lines, 64)
    let linesPerBand = (lines + max(1, wanted) - 1) / max(1, wanted)
    let bands = (lines + linesPerBand - 1) / linesPerBand
    // Channels are split as well where bands are few.
    let groups = (channels + channelsAtOnce - 1) / channelsAtOnce
    let groupsPerTask = bands >= 8 ? groups : max(1, groups * bands / 16)
    let channelTasks = (groups + groupsPerTask - 1) / groupsPerTask
    withScratch(floats: (bands - 1) * size) { scratch in
        scratch.update(repeating: 0, count: (bands - 1) * size)
        ThreadPool.shared.run(bands * channelTasks) { task in
            let band = task / channelTasks
            let rows = band * linesPerBand..<min(lines, (band + 1) * linesPerBand)
            let first = task % channelTasks * groupsPerTask
            let target = band == 0 ? result : scratch + (band - 1) * size
            for group in first..<min(groups, first + groupsPerTask) {
                let channel = group * channelsAtOnce
                accumulateBand(
                    input + channel, gradient + channel, geometry, lines: rows,
                    channels: min(channelsAtOnce, channels - channel), into: target + channel)
            }
        }
        addParts(scratch, bands - 1, size: size, to: result)
    }
}

/// Adds what the rows `lines` of the result give, for up to 16 channels.
private func accumulateBand(
    _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ geometry: ConvolutionGeometry, lines: Range<Int>, channels: Int,
    into result: UnsafeMutablePointer<Float>
) {
    let (size, kernel, output) = (geometry.input, geometry.kernel, geometry.output)
    let (stride, padding, dilation) = (geometry.stride, geometry.padding, geometry.dilation)
    for line in lines {
        let frame = line / output.height
        let row = line &- frame &* output.height
        let gradients = gradient + line &* output.width &* geometry.channels
        for tap in 0..<kernel.count {
            let kernelColumn = tap % kernel.width
            let t =
                frame &* stride.frames &+ tap / (kernel.width &* kernel.height)
                &* dilation.frames &- padding.frames
            let y =
                row &* stride.height &+ tap / kernel.width % kernel.height &* dilation.height
                &- padding.height
            guard t >= 0, t < size.frames, y >= 0, y < size.height else { continue }
            // The columns of the result whose tap lies inside.
            let shift = kernelColumn &* dilation.width &- padding.width
            let begin = shift >= 0 ? 0 : (stride.width &- 1 &- shift) / stride.width
            let end = min(
                output.width,
                size.width > shift ? (size.width &- 1 &- shift) / stride.width &+ 1 : 0)
            guard begin < end else { continue }
            let pixel =
                (t &* size.height &+ y) &* size.width &+ begin &* stride.width &+ shift
            accumulateLine(
                end &- begin, gradients + begin &* geometry.channels, geometry.channels,
                input + pixel &* geometry.channels, geometry.channels &* stride.width,
                channels: channels, into: result + tap &* geometry.channels)
        }
    }
}

/// `result[c] += sum over pixels of a[pixel][c] * b[pixel][c]`, for up to 16 channels.
@inline(__always)
private func accumulateLine(
    _ count: Int, _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>,
    _ strideB: Int, channels: Int, into result: UnsafeMutablePointer<Float>
) {
    guard channels == channelsAtOnce else {
        for channel in 0..<channels {
            var sum: Float = 0
            for i in 0..<count {
                sum += a[i &* strideA &+ channel] * b[i &* strideB &+ channel]
            }
            result[channel] += sum
        }
        return
    }
    // Two sums each: a multiply-add waits for the one before it.
    var (low, high) = (Float8(repeating: 0), Float8(repeating: 0))
    var (nextLow, nextHigh) = (Float8(repeating: 0), Float8(repeating: 0))
    var (a, b) = (a, b)
    for _ in 0..<count / 2 {
        low = multiplyAdd(load(a), load(b), low)
        high = multiplyAdd(load(a + 8), load(b + 8), high)
        nextLow = multiplyAdd(load(a + strideA), load(b + strideB), nextLow)
        nextHigh = multiplyAdd(load(a + strideA + 8), load(b + strideB + 8), nextHigh)
        a += 2 &* strideA
        b += 2 &* strideB
    }
    if count % 2 == 1 {
        low = multiplyAdd(load(a), load(b), low)
        high = multiplyAdd(load(a + 8), load(b + 8), high)
    }
    store(load(result) + (low + nextLow), result)
    store(load(result + 8) + (high + nextHigh), result + 8)
}
