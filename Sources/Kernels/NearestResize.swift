/// The source index of each of `output` samples by PyTorch's `nearest` rule.
package func nearestIndices(from input: Int, to output: Int) -> [Int] {
    let scale = Float(input) / Float(output)
    return (0..<output).map { min(Int(Float($0) * scale), input - 1) }
}

/// Resizes each frame of `[frames, height, width]` pixels of `pixelBytes` bytes by copying pixels.
///
/// - Parameters:
///   - rows: The source row of each row of the result.
///   - columns: The source column of each column of the result.
package func parallelNearest(
    frames: Int, height: Int, width: Int, pixelBytes: Int, _ source: UnsafeRawPointer,
    rows: [Int], columns: [Int], into destination: UnsafeMutableRawPointer
) {
    let line = columns.count * pixelBytes
    let grain = max(1, 4 * elementwiseGrain / max(1, line))
    ThreadPool.shared.runRanges(frames * rows.count, grain: grain) { range in
        for row in range {
            let frame = row / rows.count * height
            let from = source + (frame + rows[row % rows.count]) * width * pixelBytes
            let to = destination + row * line
            switch pixelBytes {
            case 1: pick(UInt8.self, columns, from, to)
            case 4: pick(UInt32.self, columns, from, to)
            case 8: pick(UInt64.self, columns, from, to)
            default:
                for (x, column) in columns.enumerated() {
                    (to + x &* pixelBytes).copyMemory(
                        from: from + column &* pixelBytes, byteCount: pixelBytes)
                }
            }
        }
    }
}

@inline(__always)
private func pick<Pixel: BitwiseCopyable>(
    _ type: Pixel.Type, _ columns: [Int], _ source: UnsafeRawPointer,
    _ destination: UnsafeMutableRawPointer
) {
    let from = source.assumingMemoryBound(to: type)
    let to = destination.assumingMemoryBound(to: type)
    for (x, column) in columns.enumerated() { to[x] = from[column] }
}
