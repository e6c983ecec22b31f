/// The weights of one output sample of Pillow's antialiased triangle filter, in 22-bit fixed point.
private struct Window {
    let first: Int
    let weights: [Int32]
}

private let precisionBits = 22

/// Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` for its bilinear filter, in double precision.
private func windows(from input: Int, to output: Int) -> [Window] {
    let scale = Double(input) / Double(output)
    let stretch = max(scale, 1)
    return (0..<output).map { i in
        let center = (Double(i) + 0.5) * scale
        let first = max(0, Int(center - stretch + 0.5))
        let end = min(input, Int(center + stretch + 0.5))
        var weights = (first..<end).map { j in
            max(0, 1 - abs((Double(j) - center + 0.5) * (1 / stretch)))
        }
        let total = weights.reduce(0, +)
        if total != 0 { weights = weights.map { $0 / total } }
        return Window(
            first: first,
            weights: weights.map { Int32(0.5 + $0 * Double(1 << precisionBits)) })
    }
}

/// Pillow's bilinear resize of an 8-bit image `[height, width, channels]`, bit for bit: first along
/// rows, rounded to 8 bits, then along columns.
package func pillowResize(
    _ source: UnsafePointer<UInt8>, height: Int, width: Int, channels: Int,
    into destination: UnsafeMutablePointer<UInt8>, height outHeight: Int, width outWidth: Int
) {
    let between = UnsafeMutablePointer<UInt8>.allocate(capacity: height * outWidth * channels)
    defer { between.deallocate() }
    resizeAxis(
        source, outer: height, from: width, inner: channels, to: outWidth, into: between)
    resizeAxis(
        between, outer: 1, from: height, inner: outWidth * channels, to: outHeight,
        into: destination)
}

/// Resizes the middle axis of `[outer, input, inner]`.
private func resizeAxis(
    _ source: UnsafePointer<UInt8>, outer: Int, from input: Int, inner: Int, to output: Int,
    into destination: UnsafeMutablePointer<UInt8>
) {
    if input == output {
        destination.update(from: source, count: outer * input * inner)
        return
    }
    let windows = windows(from: input, to: output)
    for o in 0..<outer {
        for (i, window) in windows.enumerated() {
            let to = destination + (o * output + i) * inner
            for c in 0..<inner {
                var total = Int32(1 << (precisionBits - 1))
                for (j, weight) in window.weights.enumerated() {
                    total += Int32(source[(o * input + window.first + j) * inner + c]) * weight
                }
                to[c] = UInt8(max(0, min(255, total >> precisionBits)))
            }
        }
    }
}
