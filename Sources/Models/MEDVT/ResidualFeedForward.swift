import Checkpoints
import Layers
import Tensor

/// A feed-forward block with ReLU and its residual sum, followed by a normalisation or none.
///
/// Weights `linear1`, `linear2`. The wide hidden layer exists for a part of the tokens at a time.
struct ResidualFeedForward: Sendable {
    private let feedForward: FeedForward
    private let norm: LayerNorm?

    /// How many tokens are taken at a time: the hidden layer of 2048 channels then takes 16 MB.
    private static let rows = 2048

    init(_ weights: WeightScope, channels: Int, hidden: Int, norm: WeightScope?) throws {
        feedForward = try FeedForward(weights, channels: channels, hidden: hidden)
        self.norm = try norm.map { try LayerNorm($0, channels: channels) }
    }

    /// `[tokens, channels]` to the same shape.
    func callAsFunction(_ tokens: Tensor<Float>) -> Tensor<Float> {
        let starts = stride(from: 0, to: tokens.shape[0], by: Self.rows)
        let parts = starts.map { start in
            let part = tokens[start..<min(start + Self.rows, tokens.shape[0])]
            return feedForward(part, residual: part)
        }
        let output = parts.count == 1 ? parts[0] : concatenated(parts, axis: 0)
        return norm.map { $0(output) } ?? output
    }
}
