import Checkpoints
import Layers
import Tensor

/// A pre-norm block of window attention and a feed-forward network, in place.
public struct VideoSwinBlock: Sendable {
    private let attention: WindowAttention
    private let feedForward: PreNormFeedForward
    private let isShifted: Bool

    /// Loads `norm1`, `attn`, `norm2` and `mlp`.
    public init(
        _ weights: WeightScope, channels: Int, heads: Int, window: WindowSize,
        hiddenChannels: Int, isShifted: Bool
    ) throws {
        attention = try WindowAttention(
            weights["attn"], norm: weights["norm1"], channels: channels, heads: heads,
            window: window)
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

/// The blocks of one resolution, every second one shifted, and the merging that follows.
public struct VideoSwinStage: Sendable {
    /// The blocks in order.
    public let blocks: [VideoSwinBlock]
    /// Halves the resolution after the blocks, in all stages but the last.
    public let merging: PatchMerging?

    /// Loads `blocks` and, where `merges`, `downsample`.
    public init(
        _ weights: WeightScope, channels: Int, depth: Int, heads: Int, window: WindowSize,
        feedForwardRatio: Int = 4, merges: Bool
    ) throws {
        blocks = try (0..<depth).map { index in
            try VideoSwinBlock(
                weights["blocks", index], channels: channels, heads: heads, window: window,
                hiddenChannels: feedForwardRatio * channels, isShifted: index % 2 == 1)
        }
        merging = merges ? try PatchMerging(weights["downsample"], channels: channels) : nil
    }

    /// Transforms `stream`, `[frames, height, width, channels]`; merging halves it and doubles its
    /// channels.
    public func callAsFunction(_ stream: inout Tensor<Float>) {
        for block in blocks { block(&stream) }
        if let merging { stream = merging(stream) }
    }
}
