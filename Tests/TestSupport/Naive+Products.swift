import Tensor

extension Naive {
    /// The product of two matrices.
    public static func product(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
        let (rows, inner, columns) = (a.shape[0], a.shape[1], b.shape[1])
        let (left, right) = (a.scalars, b.scalars)
        var result: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = 0.0
                for i in 0..<inner {
                    sum += Double(left[row * inner + i]) * Double(right[i * columns + column])
                }
                result.append(Float(sum))
            }
        }
        return Tensor(result, shape: [rows, columns])
    }

    /// `activation(x * transpose(weight) + bias + residual)` of matrices.
    public static func linear(
        _ x: Tensor<Float>, _ weight: Tensor<Float>, bias: Tensor<Float>? = nil,
        residual: Tensor<Float>? = nil, activation: Activation = .none
    ) -> Tensor<Float> {
        finished(
            product(x, weight.transposed(1, 0)), bias: bias, residual: residual,
            activation: activation)
    }

    /// `activation(x + bias + residual)`, the bias along the last axis.
    public static func finished(
        _ x: Tensor<Float>, bias: Tensor<Float>?, residual: Tensor<Float>?, activation: Activation
    ) -> Tensor<Float> {
        let channels = x.shape[x.rank - 1]
        let (bias, residual) = (bias?.scalars, residual?.scalars)
        let values = x.scalars.enumerated().map { i, value in
            let sum = value + (bias?[i % channels] ?? 0) + (residual?[i] ?? 0)
            return Float(applied(activation, Double(sum)))
        }
        return Tensor(values, shape: x.shape)
    }
}
