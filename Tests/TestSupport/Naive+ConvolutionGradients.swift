import Tensor

extension Naive {
    /// The gradients of ``convolution(_:_:bias:stride:padding:dilation:groups:)``, product by product in
    /// double precision; `weight` has rank 5.
    public static func convolutionGradients(
        x: Tensor<Float>, weight: Tensor<Float>, gradient: Tensor<Float>, stride: [Int],
        padding: [Int], dilation: [Int], groups: Int
    ) -> (x: [Double], weight: [Double]) {
        let (input, w, g) = (x.scalars, weight.scalars, gradient.scalars)
        let (outputs, perGroup) = (weight.shape[0], weight.shape[1])
        let taps = indices(of: Array(weight.shape[2...]))
        var xGradient = [Double](repeating: 0, count: x.count)
        var weightGradient = [Double](repeating: 0, count: weight.count)
        for (pixel, place) in indices(of: Array(gradient.shape.dropLast())).enumerated() {
            for (tap, offset) in taps.enumerated() {
                let at = (0..<3).map { axis in
                    place[axis] * stride[axis] + offset[axis] * dilation[axis] - padding[axis]
                }
                guard (0..<3).allSatisfy({ at[$0] >= 0 && at[$0] < x.shape[$0] }) else { continue }
                let start = ((at[0] * x.shape[1] + at[1]) * x.shape[2] + at[2]) * x.shape[3]
                for output in 0..<outputs {
                    let value = Double(g[pixel * outputs + output])
                    let group = output / (outputs / groups)
                    for c in 0..<perGroup {
                        let element = start + group * perGroup + c
                        let factor = (output * perGroup + c) * taps.count + tap
                        xGradient[element] += value * Double(w[factor])
                        weightGradient[factor] += value * Double(input[element])
                    }
                }
            }
        }
        return (xGradient, weightGradient)
    }
}
