import Checkpoints
import Layers
import Tensor

/// The blocks of one resolution, every second one shifted, and the merging that follows.
public struct SwinStage: Sendable {
    /// The blocks in order.
    public let blocks: [SwinBlock]
    /// Halves the resolution after the blocks, in all stages but the last.
    public let merging: PatchMerging?

    /// Loads `blocks` and, where `merges`, `downsample`.
    public init(
        _ weights: WeightScope, channels: Int, depth: Int, heads: Int, window: WindowSize,
        fit: WindowFit, feedForwardRatio: Int = 4, merges: Bool
    ) throws {
        blocks = try (0..<depth).map { index in
            try SwinBlock(
                weights["blocks", index], channels: channels, heads: heads, window: window,
                fit: fit, hiddenChannels: feedForwardRatio * channels, isShifted: index % 2 == 1)
        }
        merging = merges ? try PatchMerging(weights["downsample"], channels: channels) : nil
    }

    /// Transforms `stream`, `[frames, height, width, channels]`; merging halves it and doubles its
    /// channels.
    public func callAsFunction(_ stream: inout Tensor<Float>) {
        attend(within: &stream)
        merge(&stream)
    }

    /// The blocks alone, in place.
    func attend(within stream: inout Tensor<Float>) {
        for block in blocks { block(&stream) }
    }

    /// The merging alone, where the stage has one.
    func merge(_ stream: inout Tensor<Float>) {
        if let merging { stream = merging(stream) }
    }
}
