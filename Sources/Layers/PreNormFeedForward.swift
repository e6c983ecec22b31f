import Checkpoints
import Kernels
import Tensor

/// The feed-forward half of a pre-norm transformer block, in place: `x += fc2(gelu(fc1(norm(x))))`.
///
/// The hidden layer exists for a few rows at a time only; where the weights are parameters whose gradient somebody
/// wants, the operations follow one another instead.
public struct PreNormFeedForward: Sendable {
    private enum Form {
        case fused(FeedForwardWeights)
        case composed(norm: LayerNorm, first: Linear, second: Linear)
    }

    private let channels: Int
    private let form: Form

    /// Loads `fc1` and `fc2` from `weights`, and the norm before them.
    public init(
        _ weights: WeightScope, norm: WeightScope, channels: Int, hiddenChannels: Int,
        epsilon: Float = 1e-5
    ) throws {
        self.channels = channels
        let secondBias = try weights.tensor("fc2.bias", shape: [channels])
        guard !secondBias.isTraced else {
            form = .composed(
                norm: try LayerNorm(norm, channels: channels, epsilon: epsilon),
                first: try Linear(weights["fc1"], inputs: channels, outputs: hiddenChannels),
                second: Linear(
                    weight: try weights.tensor("fc2.weight", shape: [channels, hiddenChannels]),
                    bias: secondBias))
            return
        }
        form = .fused(
            FeedForwardWeights(
                norm: try NormVectors(norm, channels: channels, epsilon: epsilon),
                first: try weights.panels("fc1.weight", outputs: hiddenChannels, inputs: channels),
                firstBias: try weights.vector("fc1.bias", count: hiddenChannels),
                second: try weights.panels("fc2.weight", outputs: channels, inputs: hiddenChannels),
                secondBias: secondBias.withUnsafeBuffer { FloatVector($0) }))
    }

    /// Adds the result to each row of `stream`, `[..., channels]`.
    public func callAsFunction(_ stream: inout Tensor<Float>) {
        precondition(
            stream.shape.last == channels,
            "PreNormFeedForward: \(stream.shape) is not [..., \(channels)]")
        switch form {
        case .composed(let norm, let first, let second):
            stream = second(gelu(first(norm(stream))), residual: stream)
        case .fused(let weights):
            let rows = stream.count / channels
            stream.withUnsafeMutableBuffer { stream in
                guard let start = stream.baseAddress else { return }
                feedForward(start, rows: rows, weights)
            }
        }
    }
}
