/// Four vectors: a row or a column of a 4x4 patch.
private typealias Four = (Float8, Float8, Float8, Float8)

/// The input transform of four values in a line.
@inline(__always)
private func forward(_ d: Four) -> Four {
    (d.0 - d.2, d.1 + d.2, d.2 - d.1, d.1 - d.3)
}

/// The output transform of four values in a line.
@inline(__always)
private func backward(_ m: Four) -> (Float8, Float8) {
    (m.0 + m.1 + m.2, m.1 - m.2 - m.3)
}

/// Transforms a 4x4 patch of eight channels at a time.
///
/// - Parameters:
///   - pixels: where the channels of the 16 pixels begin, in row-major order.
///   - channels: eight at least.
///   - target: the first of 16 planes, `planeStride` floats apart.
@inline(__always)
func transformPatch(
    _ pixels: UnsafePointer<UnsafePointer<Float>>, channels: Int,
    into target: UnsafeMutablePointer<Float>, planeStride: Int
) {
    for start in stride(from: 0, to: channels, by: 8) {
        // The last eight may overlap those before them.
        let channel = min(start, channels &- 8)
        @inline(__always) func row(_ index: Int) -> Four {
            forward(
                (
                    load(pixels[4 &* index] + channel), load(pixels[4 &* index &+ 1] + channel),
                    load(pixels[4 &* index &+ 2] + channel), load(pixels[4 &* index &+ 3] + channel)
                ))
        }
        @inline(__always) func write(_ column: Int, _ values: Four) {
            let target = target + (channel &+ column &* planeStride)
            store(values.0, target)
            store(values.1, target + 4 &* planeStride)
            store(values.2, target + 8 &* planeStride)
            store(values.3, target + 12 &* planeStride)
        }
        let (first, second, third, fourth) = (row(0), row(1), row(2), row(3))
        write(0, forward((first.0, second.0, third.0, fourth.0)))
        write(1, forward((first.1, second.1, third.1, fourth.1)))
        write(2, forward((first.2, second.2, third.2, fourth.2)))
        write(3, forward((first.3, second.3, third.3, fourth.3)))
    }
}

/// Transforms 16 planes back to 2x2 output pixels, eight channels at a time, with the epilogue.
///
/// - Parameters:
///   - source: the first of 16 planes, `planeStride` floats apart.
///   - columns: a multiple of eight.
///   - pixels: the index of each of the four output pixels, in row-major order; negative outside.
@inline(__always)
func finishPatch(
    _ source: UnsafePointer<Float>, planeStride: Int, columns: Int,
    pixels: (Int, Int, Int, Int), into c: UnsafeMutablePointer<Float>, strideC: Int,
    _ epilogue: Epilogue
) {
    var column = 0
    while column < columns {
        @inline(__always) func line(_ index: Int) -> (Float8, Float8) {
            let source = source + (column &+ index &* planeStride)
            return backward(
                (
                    load(source), load(source + 4 &* planeStride),
                    load(source + 8 &* planeStride), load(source + 12 &* planeStride)
                ))
        }
        let (first, second, third, fourth) = (line(0), line(1), line(2), line(3))
        let upper = backward((first.0, second.0, third.0, fourth.0))
        let lower = backward((first.1, second.1, third.1, fourth.1))
        finishPixel(upper.0, pixels.0, column, c, strideC, epilogue)
        finishPixel(upper.1, pixels.1, column, c, strideC, epilogue)
        finishPixel(lower.0, pixels.2, column, c, strideC, epilogue)
        finishPixel(lower.1, pixels.3, column, c, strideC, epilogue)
        column &+= 8
    }
}

/// Applies the epilogue to eight channels of one pixel and stores them, unless the pixel is outside.
@inline(__always)
private func finishPixel(
    _ value: Float8, _ pixel: Int, _ column: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int,
    _ epilogue: Epilogue
) {
    guard pixel >= 0 else { return }
    let c = c + (pixel &* strideC &+ column)
    var value = value
    if epilogue.accumulate { value += load(c) }
    if let bias = epilogue.bias { value += load(bias + column) }
    if let residual = epilogue.residual {
        value += load(residual + (pixel &* epilogue.residualStride &+ column))
    }
    store(epilogue.activation(value), c)
}
