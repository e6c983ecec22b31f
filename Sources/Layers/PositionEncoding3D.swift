import Kernels
import Tensor

/// Sine and cosine waves of a token's frame, row and column (VisTR, Wang et al. 2021; MED-VT's
/// `PositionEmbeddingSine3D`, normalised).
///
/// A position along an axis is the number of unpadded places up to and including it, over the number of
/// all of them, times 2 pi. Channel `2k` is the sine and `2k + 1` the cosine of the position over
/// `10000^(2k / features)`; first all channels of the frame, then of the row, then of the column.
public struct PositionEncoding3D: Sendable {
    /// Channels of each of the three axes.
    public let features: Int

    /// An encoding with `features` channels for each axis, an even number.
    public init(features: Int = 128) {
        precondition(features % 2 == 0, "PositionEncoding3D: \(features) features are odd")
        self.features = features
    }

    /// The encoding of a clip without padding: `[frames, height, width, 3 * features]`.
    public func callAsFunction(frames: Int, height: Int, width: Int) -> Tensor<Float> {
        var waves = SineWaves(features: features)
        let rows = [frames, height, width].map { length in
            (0..<length).map { waves.start(of: SineWaves.Place(count: $0 + 1, of: length)) }
        }
        return gathered(waves, frames: frames, height: height, width: width) { token in
            let (frame, row) = (token / (height * width), token / width % height)
            return (rows[0][frame], rows[1][row], rows[2][token % width])
        }
    }

    /// The encoding of a padded clip: `[frames, height, width, 3 * features]`.
    ///
    /// - Parameter mask: `[frames, height, width]`, true at padding.
    public func callAsFunction(mask: Tensor<Bool>) -> Tensor<Float> {
        precondition(
            mask.rank == 3, "PositionEncoding3D: mask \(mask.shape) is not [frames, height, width]")
        let (frames, height, width) = (mask.shape[0], mask.shape[1], mask.shape[2])
        let steps = [height * width, width, 1]
        let padding = mask.scalars
        var waves = SineWaves(features: features)
        let rows = (0..<3).map { axis in
            let (step, length) = (steps[axis], mask.shape[axis])
            var counts = padding.map { $0 ? 0 : 1 }
            for i in counts.indices where i / step % length > 0 { counts[i] += counts[i - step] }
            return counts.indices.map { i in
                let toLast = (length - 1 - i / step % length) * step
                return waves.start(of: SineWaves.Place(count: counts[i], of: counts[i + toLast]))
            }
        }
        return gathered(waves, frames: frames, height: height, width: width) { token in
            (rows[0][token], rows[1][token], rows[2][token])
        }
    }

    /// Copies each token's three rows of the table.
    private func gathered(
        _ waves: SineWaves, frames: Int, height: Int, width: Int,
        _ starts: (Int) -> (frame: Int, row: Int, column: Int)
    ) -> Tensor<Float> {
        let tokens = frames * height * width
        return Tensor(shape: [frames, height, width, 3 * features]) { buffer in
            guard let destination = buffer.baseAddress, tokens > 0 else { return }
            waves.values.withUnsafeBufferPointer { values in
                guard let values = values.baseAddress else { return }
                ThreadPool.shared.runRanges(tokens, grain: 256) { range in
                    for token in range {
                        let start = starts(token)
                        let to = destination + token * 3 * features
                        to.update(from: values + start.frame, count: features)
                        (to + features).update(from: values + start.row, count: features)
                        (to + 2 * features).update(from: values + start.column, count: features)
                    }
                }
            }
        }
    }
}
