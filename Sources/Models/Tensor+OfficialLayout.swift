import Tensor

/// Views in the axis order of the official code, for recorded tensors.
extension Tensor {
    /// `[n, height, width, channels]` as `[n, channels, height, width]`.
    var channelsFirst: Tensor { transposed(0, 3, 1, 2) }

    /// `[n, channels, height, width]` as `[n, height, width, channels]`.
    var channelsLast: Tensor { transposed(0, 2, 3, 1) }

    /// `[frames, height, width, channels]` as `[1, channels, frames, height, width]`.
    var batchedVolume: Tensor { transposed(3, 0, 1, 2).expandedDimensions(axis: 0) }

    /// `[tokens, channels]` as `[tokens, 1, channels]`.
    var batchedTokens: Tensor { expandedDimensions(axis: 1) }
}
