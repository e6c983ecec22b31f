/// Normalises each group of channels of each batch element over all positions, then scales and shifts
/// each channel. `[batch, positions, channels]`; group `g` has channels `g * channels / groups ...`.
package func parallelGroupNorm(
    batch: Int, positions: Int, channels: Int, groups: Int, _ source: UnsafePointer<Float>,
    weight: UnsafePointer<Float>?, bias: UnsafePointer<Float>?, epsilon: Float,
    activation: Activation, into destination: UnsafeMutablePointer<Float>
) {
    let width = channels / groups
    ThreadPool.shared.run(batch * groups) { task in
        let element = task / groups
        let first = task % groups * width
        let from = source + element * positions * channels + first
        let to = destination + element * positions * channels + first
        var total = 0.0
        for p in 0..<positions { for c in 0..<width { total += Double(from[p * channels + c]) } }
        let mean = Float(total / Double(positions * width))
        var squares = 0.0
        for p in 0..<positions {
            for c in 0..<width {
                let difference = Double(from[p * channels + c] - mean)
                squares += difference * difference
            }
        }
        let factor = 1 / (Float(squares / Double(positions * width)) + epsilon).squareRoot()
        for p in 0..<positions {
            for c in 0..<width {
                var value =
                    (from[p * channels + c] - mean) * factor * (weight?[first + c] ?? 1)
                    + (bias?[first + c] ?? 0)
                switch activation {
                case .none: break
                case .relu: value = max(0, value)
                case .gelu: value = gelu(Float8(repeating: value))[0]
                }
                to[p * channels + c] = value
            }
        }
    }
}
