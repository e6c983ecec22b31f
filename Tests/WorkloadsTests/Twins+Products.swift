import Tensor
import TestSupport
import Workloads

extension LinearLayer: Twinned {
    func plainly(_ operands: Operands) throws -> [Expected] {
        let weight = try operands["weight"]
        return [
            Expected(
                Naive.linear(try operands["x"], weight, bias: try operands["bias"]),
                within: toleranceOfSum(terms: weight.shape[1]))
        ]
    }
}

extension MatrixProduct: Twinned {
    func plainly(_ operands: Operands) throws -> [Expected] {
        let (a, b) = (try operands["a"], try operands["b"])
        return [Expected(Naive.product(a, b), within: toleranceOfSum(terms: a.shape[1]))]
    }
}

extension SwinFeedForward: Twinned {
    /// Sums of up to 4096 products of which the largest are 2^-6 in size, of values near 1, and the
    /// rounding of a norm before and of values near 4 after them.
    func plainly(_ operands: Operands) throws -> [Expected] {
        let x = try operands["x"]
        let normed = Naive.layerNorm(
            x, weight: try operands["norm.weight"], bias: try operands["norm.bias"])
        let hidden = Naive.linear(
            Tensor(normed.map { Float($0) }, shape: x.shape), try operands["mlp.fc1.weight"],
            bias: try operands["mlp.fc1.bias"], activation: .gelu)
        return [
            Expected(
                Naive.linear(
                    hidden, try operands["mlp.fc2.weight"], bias: try operands["mlp.fc2.bias"],
                    residual: x), within: 1e-5)
        ]
    }
}
