import Checkpoints
import Layers
import Tensor

/// A pre-norm block of window attention and a feed-forward network, in place.
public struct SwinBlock: Sendable {
    private let attention: WindowAttention
    private let feedForward: PreNormFeedForward
    private let isShifted: Bool

    /// Loads `norm1`, `attn`, `norm2` and `mlp`.
    public init(
        _ weights: WeightScope, channels: Int, heads: Int, window: WindowSize, fit: WindowFit,
        hiddenChannels: Int, isShifted: Bool
    ) throws {
        attention = try WindowAttention(
            weights["attn"], norm: weights["norm1"], channels: channels, heads: heads,
            window: window, fit: fit)
        feedForward = try PreNormFeedForward(
            weights["mlp"], norm: weights["norm2"], channels: channels,
            hiddenChannels: hiddenChannels)
        self.isShifted = isShifted
    }

    /// Transforms `stream`, `[frames, height, width, channels]`.
    public func callAsFunction(_ stream: inout Tensor<Float>) {
        attention(&stream, shifted: isShifted)
        feedForward(&stream)
    }

    /// The projected attention of each window, `[windows, tokens, channels]`; see `WindowAttention`.
    func attendedWindows(of stream: Tensor<Float>) -> Tensor<Float> {
        attention.attendedWindows(of: stream, shifted: isShifted)
    }
}
