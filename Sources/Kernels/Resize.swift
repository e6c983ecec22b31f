/// Where the samples of a resized axis lie: two neighbours and the second one's weight.
package struct LinearSampling: Sendable {
    package let first: [Int32]
    package let second: [Int32]
    package let weight: [Float]

    /// PyTorch's rule without aligned corners: pixel centres at half-integers, clamped at the start.
    package init(from input: Int, to output: Int) {
        let scale = Float(input) / Float(output)
        var first: [Int32] = []
        var second: [Int32] = []
        var weight: [Float] = []
        for i in 0..<output {
            let position = input == output ? Float(i) : max(0, scale * (Float(i) + 0.5) - 0.5)
            let low = min(Int(position), input - 1)
            first.append(Int32(low))
            second.append(Int32(min(low + 1, input - 1)))
            weight.append(min(max(position - Float(low), 0), 1))
        }
        self.first = first
        self.second = second
        self.weight = weight
    }
}

/// Resizes each frame of `[frames, height, width, channels]` by bilinear interpolation.
package func parallelBilinear(
    frames: Int, height: Int, width: Int, channels: Int, _ source: UnsafePointer<Float>,
    rows: LinearSampling, columns: LinearSampling, into destination: UnsafeMutablePointer<Float>
) {
    let outHeight = rows.weight.count
    let outWidth = columns.weight.count
    let grain = max(1, elementwiseGrain / max(1, outWidth * channels))
    ThreadPool.shared.runRanges(frames * outHeight, grain: grain) { range in
        for line in range {
            let frame = source + line / outHeight * height * width * channels
            let y = line % outHeight
            let top = frame + Int(rows.first[y]) * width * channels
            let bottom = frame + Int(rows.second[y]) * width * channels
            let down = rows.weight[y]
            let up = 1 - down
            for x in 0..<outWidth {
                let left = Int(columns.first[x]) * channels
                let right = Int(columns.second[x]) * channels
                let b = columns.weight[x]
                let a = 1 - b
                let to = destination + (line * outWidth + x) * channels
                for c in 0..<channels {
                    let above = top[left + c] * a + top[right + c] * b
                    let below = bottom[left + c] * a + bottom[right + c] * b
                    to[c] = above * up + below * down
                }
            }
        }
    }
}

/// The source index of each of `output` samples by PyTorch's `nearest` rule.
package func nearestIndices(from input: Int, to output: Int) -> [Int] {
    let scale = Float(input) / Float(output)
    return (0..<output).map { min(Int(Float($0) * scale), input - 1) }
}
