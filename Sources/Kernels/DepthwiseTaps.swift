/// A pixel of the input and what its channels are multiplied by.
struct DepthwiseTap {
    let pixel: UnsafePointer<Float>
    let weight: UnsafePointer<Float>
}

/// Writes the sums over the taps, with the epilogue, for all channels, a multiple of 16, of 1 to 6
/// neighbouring pixels.
///
/// - Parameter step: floats from a pixel's tap to that of the next pixel.
@inline(__always)
func sumTaps(
    _ taps: UnsafePointer<DepthwiseTap>, _ count: Int, columns: Int, step: Int, channels: Int,
    into target: UnsafeMutablePointer<Float>, _ epilogue: Epilogue
) {
    for channel in stride(from: 0, to: channels, by: 16) {
        let to = target + channel
        let part = epilogue.advanced(row: 0, column: channel)
        switch columns {
        case 6: depthwiseTile(columns: 6, taps, count, step, channel, to, channels, part)
        case 5: depthwiseTile(columns: 5, taps, count, step, channel, to, channels, part)
        case 4: depthwiseTile(columns: 4, taps, count, step, channel, to, channels, part)
        case 3: depthwiseTile(columns: 3, taps, count, step, channel, to, channels, part)
        case 2: depthwiseTile(columns: 2, taps, count, step, channel, to, channels, part)
        default: depthwiseTile(columns: 1, taps, count, step, channel, to, channels, part)
        }
        if part.activation == .gelu { apply(.gelu, rows: columns, to, channels) }
    }
}

/// Sixteen channels of `columns` (1 to 6, a literal at every call) pixels, with everything of the epilogue but GELU.
@inline(__always)
private func depthwiseTile(
    columns: Int, _ taps: UnsafePointer<DepthwiseTap>, _ count: Int, _ step: Int, _ channel: Int,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, _ epilogue: Epilogue
) {
    var column0 = SumRow()
    var column1 = SumRow()
    var column2 = SumRow()
    var column3 = SumRow()
    var column4 = SumRow()
    var column5 = SumRow()
    for tap in 0..<count {
        let pixel = taps[tap].pixel + channel
        let weight = taps[tap].weight + channel
        let low = load(weight)
        let high = load(weight + 8)
        column0.add(pixel, low, high)
        if columns > 1 { column1.add(pixel + step, low, high) }
        if columns > 2 { column2.add(pixel + 2 &* step, low, high) }
        if columns > 3 { column3.add(pixel + 3 &* step, low, high) }
        if columns > 4 { column4.add(pixel + 4 &* step, low, high) }
        if columns > 5 { column5.add(pixel + 5 &* step, low, high) }
    }
    finishTile(
        rows: columns, &column0, &column1, &column2, &column3, &column4, &column5, c, strideC,
        epilogue)
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
