import Checkpoints
import Tensor

/// Two linear layers with an activation between them, applied to each token (Vaswani et al. 2017,
/// section 3.3).
public struct FeedForward: Sendable {
    private let first: Linear
    private let second: Linear
    private let activation: Activation

    /// Takes the two layers, called `names` in this scope.
    public init(
        _ weights: WeightScope, channels: Int, hidden: Int, activation: Activation = .relu,
        names: (first: String, second: String) = ("linear1", "linear2")
    ) throws {
        first = try Linear(weights[names.first], inputs: channels, outputs: hidden)
        second = try Linear(weights[names.second], inputs: hidden, outputs: channels)
        self.activation = activation
    }

    /// `[..., channels]` to the same shape, plus `residual`.
    public func callAsFunction(
        _ x: Tensor<Float>, residual: Tensor<Float>? = nil
    ) -> Tensor<Float> {
        second(first(x, activation: activation), residual: residual)
    }
}
