import Checkpoints
import Kernels
import Tensor

/// The feed-forward half of a pre-norm transformer block, in place: `x += fc2(gelu(fc1(norm(x))))`.
///
/// The hidden layer exists for a few rows at a time only.
public struct PreNormFeedForward: Sendable {
    private let weights: FeedForwardWeights

    /// Loads `fc1` and `fc2` from `weights`, and the norm before them.
    public init(
        _ weights: WeightScope, norm: WeightScope, channels: Int, hiddenChannels: Int,
        epsilon: Float = 1e-5
    ) throws {
        self.weights = FeedForwardWeights(
            norm: try NormVectors(norm, channels: channels, epsilon: epsilon),
            first: try weights.panels("fc1.weight", outputs: hiddenChannels, inputs: channels),
            firstBias: try weights.vector("fc1.bias", count: hiddenChannels),
            second: try weights.panels("fc2.weight", outputs: channels, inputs: hiddenChannels),
            secondBias: try weights.vector("fc2.bias", count: channels))
    }

    /// Adds the result to each row of `stream`, `[..., channels]`.
    public func callAsFunction(_ stream: inout Tensor<Float>) {
        let channels = weights.first.inner
        precondition(
            stream.shape.last == channels,
            "PreNormFeedForward: \(stream.shape) is not [..., \(channels)]")
        let rows = stream.count / channels
        stream.withUnsafeMutableBuffer { stream in
            guard let start = stream.baseAddress else { return }
            feedForward(start, rows: rows, weights)
        }
    }
}
