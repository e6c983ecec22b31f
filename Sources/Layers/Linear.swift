import Checkpoints
import Tensor

/// A linear layer: `activation(x * transpose(weight) + bias + residual)` over the last axis.
public struct Linear: Sendable {
    private let weight: PackedMatrix
    private let bias: Tensor<Float>?

    /// Takes `weight` `[outputs, inputs]` and, where `bias` says so, `bias` `[outputs]`.
    public init(_ weights: WeightScope, inputs: Int, outputs: Int, bias: Bool = true) throws {
        self.init(
            weight: try weights.tensor("weight", shape: [outputs, inputs]),
            bias: bias ? try weights.tensor("bias", shape: [outputs]) : nil)
    }

    /// A layer with this weight, `[outputs, inputs]`, and bias, `[outputs]`.
    public init(weight: Tensor<Float>, bias: Tensor<Float>?) {
        self.weight = PackedMatrix(weight)
        self.bias = bias
    }

    /// Features that go in.
    public var inputs: Int { weight.inputs }

    /// Features that come out.
    public var outputs: Int { weight.outputs }

    /// `[..., inputs]` to `[..., outputs]`; `residual` has the result's shape.
    public func callAsFunction(
        _ x: Tensor<Float>, residual: Tensor<Float>? = nil, activation: Activation = .none
    ) -> Tensor<Float> {
        linear(x, weight, bias: bias, residual: residual, activation: activation)
    }
}
