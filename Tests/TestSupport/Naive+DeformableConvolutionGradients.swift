import Tensor

extension Naive {
    /// The gradients of ``deformableConvolution(_:offsets:_:padding:)``, product by product in double
    /// precision; stride 1.
    public static func deformableConvolutionGradients(
        x: Tensor<Float>, offsets: Tensor<Float>, weight: Tensor<Float>, gradient: Tensor<Float>,
        padding: Int
    ) -> (x: [Double], offsets: [Double], weight: [Double]) {
        let (height, width, inputs) = (x.shape[1], x.shape[2], x.shape[3])
        let (outputs, kw) = (weight.shape[0], weight.shape[3])
        let taps = weight.shape[2] * kw
        let (input, moves, w) = (x.scalars, offsets.scalars, weight.scalars)
        let g = gradient.scalars
        var xGradient = [Double](repeating: 0, count: x.count)
        var offsetGradient = [Double](repeating: 0, count: offsets.count)
        var weightGradient = [Double](repeating: 0, count: weight.count)
        for (pixel, place) in indices(of: Array(gradient.shape.dropLast())).enumerated() {
            for tap in 0..<taps {
                let move = (pixel * taps + tap) * 2
                let y = Float(place[1] + tap / kw - padding) + moves[move]
                let x = Float(place[2] + tap % kw - padding) + moves[move + 1]
                let (row, column) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
                let (down, right) = (Double(y) - Double(row), Double(x) - Double(column))
                // Each corner's share of the sample, and what a step down or to the right adds to it.
                for (dy, dx) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let (r, c) = (row + dy, column + dx)
                    guard r >= 0, r < height, c >= 0, c < width else { continue }
                    let vertical = dy == 0 ? 1 - down : down
                    let horizontal = dx == 0 ? 1 - right : right
                    let start = ((place[0] * height + r) * width + c) * inputs
                    for channel in 0..<inputs {
                        let value = Double(input[start + channel])
                        // The loss's derivative by the sample.
                        var slope = 0.0
                        for output in 0..<outputs {
                            let factor = (output * inputs + channel) * taps + tap
                            let share = Double(g[pixel * outputs + output])
                            slope += share * Double(w[factor])
                            weightGradient[factor] += share * vertical * horizontal * value
                        }
                        xGradient[start + channel] += slope * vertical * horizontal
                        offsetGradient[move] += slope * value * horizontal * (dy == 0 ? -1 : 1)
                        offsetGradient[move + 1] += slope * value * vertical * (dx == 0 ? -1 : 1)
                    }
                }
            }
        }
        return (xGradient, offsetGradient, weightGradient)
    }
}
