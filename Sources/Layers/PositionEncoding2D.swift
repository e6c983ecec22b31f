import Tensor

/// Sine and cosine waves of a pixel's row and column (Carion et al. 2020, as Deformable DETR has them:
/// normalised, of pixels' centres).
///
/// A position along an axis is the number of unpadded places up to and including it, less a half, over
/// the number of all of them, times 2 pi. Channel `2k` is the sine and `2k + 1` the cosine of the
/// position over `10000^(2k / features)`; first all channels of the row, then of the column.
public struct PositionEncoding2D: Sendable {
    /// Channels of each of the two axes.
    public let features: Int

    /// An encoding with `features` channels for each axis, an even number.
    public init(features: Int = 128) {
        precondition(features % 2 == 0, "PositionEncoding2D: \(features) features are odd")
        self.features = features
    }

    /// The encoding of a map without padding: `[height, width, 2 * features]`.
    public func callAsFunction(height: Int, width: Int) -> Tensor<Float> {
        self(mask: Tensor(zeros: [height, width]))
    }

    /// The encoding of a padded map: `[height, width, 2 * features]`.
    ///
    /// - Parameter mask: `[height, width]`, true at padding.
    public func callAsFunction(mask: Tensor<Bool>) -> Tensor<Float> {
        precondition(
            mask.rank == 2, "PositionEncoding2D: mask \(mask.shape) is not [height, width]")
        let (height, width) = (mask.shape[0], mask.shape[1])
        let padding = mask.scalars
        var rows = padding.map { $0 ? 0 : 1 }
        var columns = rows
        for i in rows.indices {
            if i >= width { rows[i] += rows[i - width] }
            if i % width > 0 { columns[i] += columns[i - 1] }
        }
        var waves = SineWaves(features: features, shift: 0.5)
        let starts = rows.indices.map { i in
            (
                waves.start(of: .init(count: rows[i], of: rows[(height - 1) * width + i % width])),
                waves.start(
                    of: .init(count: columns[i], of: columns[i / width * width + width - 1]))
            )
        }
        return Tensor(shape: [height, width, 2 * features]) { buffer in
            for (pixel, start) in starts.enumerated() {
                for (axis, start) in [start.0, start.1].enumerated() {
                    let first = (2 * pixel + axis) * features
                    for i in 0..<features {
                        buffer.initializeElement(at: first + i, to: waves.values[start + i])
                    }
                }
            }
        }
    }
}
