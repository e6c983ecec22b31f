import Kernels
import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Sine and cosine waves of a token's frame, row and column (VisTR, Wang et al. 2021; MED-VT's
/// `PositionEmbeddingSine3D`, normalised).
///
/// A position along an axis is the number of unpadded places up to and including it, over the number of
/// all of them, times 2 pi. Channel `2k` is the sine and `2k + 1` the cosine of the position over
/// `10000^(2k / features)`; first all channels of the frame, then of the row, then of the column.
public struct PositionEncoding3D: Sendable {
    /// Channels of each of the three axes.
    public let features: Int

    private static let epsilon: Float = 1e-6
    private static let temperature: Float = 10_000

    /// An encoding with `features` channels for each axis, an even number.
    public init(features: Int = 128) {
        precondition(features % 2 == 0, "PositionEncoding3D: \(features) features are odd")
        self.features = features
    }

    /// The encoding of a clip without padding: `[frames, height, width, 3 * features]`.
    public func callAsFunction(frames: Int, height: Int, width: Int) -> Tensor<Float> {
        let sizes = [frames, height, width]
        let counts = sizes.map { size in (1...max(1, size)).map { Place(count: $0, of: size) } }
        return encode(frames: frames, height: height, width: width) { frame, row, column in
            (counts[0][frame], counts[1][row], counts[2][column])
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
        let places = (0..<3).map { axis in
            let (step, length) = (steps[axis], mask.shape[axis])
            var counts = padding.map { $0 ? 0 : 1 }
            for i in counts.indices where i / step % length > 0 { counts[i] += counts[i - step] }
            return counts.indices.map { i in
                let toLast = (length - 1 - i / step % length) * step
                return Place(count: counts[i], of: counts[i + toLast])
            }
        }
        return encode(frames: frames, height: height, width: width) { frame, row, column in
            let token = (frame * height + row) * width + column
            return (places[0][token], places[1][token], places[2][token])
        }
    }

    /// Where a token lies along one axis: the `count`-th of `of` unpadded places.
    private struct Place: Hashable {
        let count: Int
        let of: Int

        init(count: Int, of total: Int) {
            self.count = count
            of = total
        }
    }

    private func encode(
        frames: Int, height: Int, width: Int, _ places: (Int, Int, Int) -> (Place, Place, Place)
    ) -> Tensor<Float> {
        // Few places differ: their waves are computed once and copied.
        var rows: [Place: Int] = [:]
        var waves: [Float] = []
        func row(_ place: Place) -> Int {
            if let known = rows[place] { return known }
            rows[place] = waves.count
            waves += self.waves(place)
            return waves.count - features
        }
        let tokens = frames * height * width
        var starts: [Int] = []
        starts.reserveCapacity(3 * tokens)
        for token in 0..<tokens {
            let (z, y, x) = places(token / (height * width), token / width % height, token % width)
            starts += [row(z), row(y), row(x)]
        }
        return Tensor(shape: [frames, height, width, 3 * features]) { buffer in
            guard let destination = buffer.baseAddress, tokens > 0 else { return }
            waves.withUnsafeBufferPointer { waves in
                guard let waves = waves.baseAddress else { return }
                ThreadPool.shared.runRanges(3 * tokens, grain: 1024) { range in
                    for part in range {
                        (destination + part * features).update(
                            from: waves + starts[part], count: features)
                    }
                }
            }
        }
    }

    private func waves(_ place: Place) -> [Float] {
        let position = Float(place.count) / (Float(place.of) + Self.epsilon) * (2 * Float.pi)
        return (0..<features).map { channel in
            let exponent = Float(channel / 2 * 2) / Float(features)
            let angle = position / powf(Self.temperature, exponent)
            return channel % 2 == 0 ? sinf(angle) : cosf(angle)
        }
    }
}
