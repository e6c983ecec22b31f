import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Naive {
    /// Group norm of `[batch, ..., channels]` in double precision.
    public static func groupNorm(
        _ x: Tensor<Float>, groups: Int, weight: Tensor<Float>?, bias: Tensor<Float>?,
        epsilon: Double = 1e-5, activation: Activation = .none
    ) -> [Double] {
        let channels = x.shape[x.rank - 1]
        let width = channels / groups
        let size = x.count / x.shape[0]
        let values = x.scalars.map(Double.init)
        let (weight, bias) = (weight?.scalars, bias?.scalars)
        var result = values
        for b in 0..<x.shape[0] {
            for g in 0..<groups {
                let indices = stride(from: b * size, to: (b + 1) * size, by: channels).flatMap {
                    $0 + g * width..<$0 + (g + 1) * width
                }
                let (mean, variance) = moments(indices.map { values[$0] })
                for i in indices {
                    let c = i % channels
                    let normalized = (values[i] - mean) / (variance + epsilon).squareRoot()
                    result[i] = applied(
                        activation,
                        normalized * Double(weight?[c] ?? 1) + Double(bias?[c] ?? 0))
                }
            }
        }
        return result
    }

    /// Layer norm over the last axis in double precision.
    public static func layerNorm(
        _ x: Tensor<Float>, weight: Tensor<Float>?, bias: Tensor<Float>?, epsilon: Double = 1e-5
    ) -> [Double] {
        let channels = x.shape[x.rank - 1]
        let values = x.scalars.map(Double.init)
        let (weight, bias) = (weight?.scalars, bias?.scalars)
        return stride(from: 0, to: values.count, by: channels).flatMap { start in
            let row = values[start..<start + channels]
            let (mean, variance) = moments(Array(row))
            return row.enumerated().map { c, value in
                (value - mean) / (variance + epsilon).squareRoot() * Double(weight?[c] ?? 1)
                    + Double(bias?[c] ?? 0)
            }
        }
    }

    /// The mean and the biased variance.
    public static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / Double(values.count))
    }

    /// An activation in double precision.
    public static func applied(_ activation: Activation, _ x: Double) -> Double {
        switch activation {
        case .none: x
        case .relu: max(0, x)
        case .relu6: min(6, max(0, x))
        case .gelu: x / 2 * (1 + erf(x / 2.0.squareRoot()))
        }
    }
}
