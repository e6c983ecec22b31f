import Checkpoints
import Layers
import Tensor

/// The attention half of a Swin block: norm, projections, attention within windows with a relative
/// position bias, projection, sum.
package struct SwinAttention: Operation {
    /// Frames, height and width.
    package private(set) var size: [Int]
    let channels: Int
    package let heads: Int
    /// Frames, height and width.
    let windowSize: [Int]
    /// Whether windows move by half their size.
    package let isShifted: Bool
    /// Whether a window keeps its size on maps that it covers, as in the Swin Transformer; in the Video Swin
    /// Transformer it shrinks.
    let pads: Bool

    init(
        _ size: [Int], channels: Int, heads: Int, window: [Int], shifted: Bool = false,
        pads: Bool = false
    ) {
        (self.size, self.channels, self.heads) = (size, channels, heads)
        (self.windowSize, self.isShifted, self.pads) = (window, shifted, pads)
    }

    package var window: WindowSize {
        WindowSize(frames: windowSize[0], height: windowSize[1], width: windowSize[2])
    }

    package var fit: WindowFit { pads ? .padding : .shrinking }

    package var operands: [Operand] {
        let spread = 1 / Float(channels).squareRoot()
        let entries = windowSize.reduce(1) { $0 * (2 * $1 - 1) }
        return [
            Operand("x", size + [channels]),
            Operand("norm.weight", [channels], base: 1, scale: 0.1),
            Operand("norm.bias", [channels], scale: 0.1),
            Operand("attn.relative_position_bias_table", [entries, heads]),
            Operand("attn.qkv.weight", [3 * channels, channels], scale: spread),
            Operand("attn.qkv.bias", [3 * channels], scale: 0.1),
            Operand("attn.proj.weight", [channels, channels], scale: spread),
            Operand("attn.proj.bias", [channels], scale: 0.1),
        ]
    }

    /// The map's own tokens; those of padding are overhead.
    package var cost: Cost {
        let tokens = zip(windowSize, size).reduce(1) { $0 * (pads ? $1.0 : min($1.0, $1.1)) }
        return .products(size.reduce(channels, *) * (4 * channels + 2 * tokens))
    }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let weights = WeightScope(operands)
        let attention = try WindowAttention(
            weights["attn"], norm: weights["norm"], channels: channels, heads: heads,
            window: window, fit: fit)
        var stream = try operands["x"]
        return {
            attention(&stream, shifted: isShifted)
            return [stream]
        }
    }

    package var reduced: Self {
        var copy = self
        copy.size = [min(size[0], 2), windowSize[1] + 1, windowSize[2] - 1]
        return copy
    }
}

/// The other half of a Swin block: norm, two linear layers with GELU between them, sum.
package struct SwinFeedForward: Operation {
    package private(set) var rows: Int
    let channels: Int

    init(rows: Int, channels: Int) { (self.rows, self.channels) = (rows, channels) }

    package var operands: [Operand] {
        let spread = 1 / Float(channels).squareRoot()
        return [
            Operand("x", [rows, channels]),
            Operand("norm.weight", [channels], base: 1, scale: 0.1),
            Operand("norm.bias", [channels], scale: 0.1),
            Operand("mlp.fc1.weight", [4 * channels, channels], scale: spread),
            Operand("mlp.fc1.bias", [4 * channels], scale: 0.1),
            Operand("mlp.fc2.weight", [channels, 4 * channels], scale: spread / 2),
            Operand("mlp.fc2.bias", [channels], scale: 0.1),
        ]
    }

    package var cost: Cost { .products(8 * rows * channels * channels) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let weights = WeightScope(operands)
        let feedForward = try PreNormFeedForward(
            weights["mlp"], norm: weights["norm"], channels: channels,
            hiddenChannels: 4 * channels)
        var stream = try operands["x"]
        return {
            feedForward(&stream)
            return [stream]
        }
    }

    package var reduced: Self {
        var copy = self
        copy.rows = min(rows, 41)
        return copy
    }
}
