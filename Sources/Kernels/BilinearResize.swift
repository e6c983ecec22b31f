/// Where the samples of a resized axis lie: two neighbours and the second one's weight.
package struct LinearSampling: Sendable {
    package let first: [Int]
    package let second: [Int]
    package let weight: [Float]

    /// PyTorch's rule without aligned corners: pixel centres at half-integers, clamped at the start.
    package init(from input: Int, to output: Int) {
        let scale = Float(input) / Float(output)
        let positions = (0..<output).map { i in
            input == output ? Float(i) : max(0, scale * (Float(i) + 0.5) - 0.5)
        }
        first = positions.map { min(Int($0), input - 1) }
        second = first.map { min($0 + 1, input - 1) }
        weight = zip(positions, first).map { min(max($0 - Float($1), 0), 1) }
    }

    /// Only the samples at `indices`, in their order.
    package init(_ samples: LinearSampling, at indices: [Int]) {
        first = indices.map { samples.first[$0] }
        second = indices.map { samples.second[$0] }
        weight = indices.map { samples.weight[$0] }
    }
}

/// Resizes each frame of `[frames, height, width, channels]` by bilinear interpolation: along rows
/// first, each source row once, then down.
package func parallelBilinear(
    frames: Int, height: Int, width: Int, channels: Int, _ source: UnsafePointer<Float>,
    rows: LinearSampling, columns: LinearSampling, into destination: UnsafeMutablePointer<Float>
) {
    let outHeight = rows.weight.count
    let line = columns.weight.count * channels
    let grain = max(4, 4 * elementwiseGrain / max(1, line))
    ThreadPool.shared.runRanges(frames * outHeight, grain: grain) { range in
        withScratch(floats: 2 * line) { scratch in
            var above = StretchedRow(memory: scratch)
            var below = StretchedRow(memory: scratch + line)
            for row in range {
                let y = row % outHeight
                let frame = row / outHeight * height
                // Going down, the lower row becomes the upper one.
                if above.index != frame + rows.first[y] { swap(&above, &below) }
                above.stretch(frame + rows.first[y], source, width, channels, columns)
                below.stretch(frame + rows.second[y], source, width, channels, columns)
                blend(
                    line, above.memory, below.memory, weight: rows.weight[y],
                    into: destination + row * line)
            }
        }
    }
}

/// One source row, resized along its length.
struct StretchedRow {
    let memory: UnsafeMutablePointer<Float>
    private(set) var index = -1

    init(memory: UnsafeMutablePointer<Float>) { self.memory = memory }

    mutating func stretch(
        _ row: Int, _ source: UnsafePointer<Float>, _ width: Int, _ channels: Int,
        _ columns: LinearSampling
    ) {
        guard row != index else { return }
        index = row
        let source = source + row &* width &* channels
        let count = columns.weight.count
        columns.first.withUnsafeBufferPointer { first in
            columns.second.withUnsafeBufferPointer { second in
                columns.weight.withUnsafeBufferPointer { weight in
                    for x in 0..<count {
                        blend(
                            channels, source + first[x] &* channels, source + second[x] &* channels,
                            weight: weight[x], into: memory + x &* channels)
                    }
                }
            }
        }
    }
}

/// `a * (1 - weight) + b * weight`.
@inline(__always)
func blend(
    _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, weight: Float,
    into destination: UnsafeMutablePointer<Float>
) {
    let rest = 1 - weight
    var i = 0
    while i &+ 8 <= count {
        store(load(a + i) * rest + load(b + i) * weight, destination + i)
        i &+= 8
    }
    while i < count {
        destination[i] = a[i] * rest + b[i] * weight
        i &+= 1
    }
}
