import Checkpoints
import Kernels
import Tensor

/// Joins each 2 by 2 square of tokens into one: half the height and width, twice the channels.
///
/// Liu et al., "Swin Transformer" (2021), section 3.1. An odd last row or column is completed with zeros.
public struct PatchMerging: Sendable {
    private enum Form {
        case fused(norm: NormVectors, reduction: PackedPanels)
        case composed(norm: LayerNorm, reduction: Linear)
    }

    private let channels: Int
    private let form: Form

    /// Loads `norm` over `4 * channels` and `reduction` to `2 * channels`.
    public init(_ weights: WeightScope, channels: Int, epsilon: Float = 1e-5) throws {
        self.channels = channels
        let matrix = try weights.tensor("reduction.weight", shape: [2 * channels, 4 * channels])
        guard !matrix.isTraced else {
            form = .composed(
                norm: try LayerNorm(weights["norm"], channels: 4 * channels, epsilon: epsilon),
                reduction: Linear(weight: matrix, bias: nil))
            return
        }
        form = .fused(
            norm: try NormVectors(weights["norm"], channels: 4 * channels, epsilon: epsilon),
            reduction: matrix.withUnsafeBuffer { PackedPanels($0, 4 * channels) })
    }

    /// `[frames, height, width, channels]` to `[frames, height / 2, width / 2, 2 * channels]`, rounded up.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[3] == channels,
            "PatchMerging: \(shape) is not [frames, height, width, \(channels)]")
        switch form {
        case .composed(let norm, let reduction):
            return reduction(norm(squares(of: x)))
        case .fused(let norm, let reduction):
            return x.withUnsafeBuffer { x in
                Tensor(
                    shape: [shape[0], (shape[1] + 1) / 2, (shape[2] + 1) / 2, 2 * channels]
                ) { merged in
                    guard let x = x.baseAddress, let merged = merged.baseAddress else { return }
                    mergePatches(
                        of: x, extent: SIMD3(shape[0], shape[1], shape[2]), channels: channels,
                        norm: norm, reduction: reduction, into: merged)
                }
            }
        }
    }

    /// The four tokens of each square side by side, those of a column together.
    private func squares(of x: Tensor<Float>) -> Tensor<Float> {
        let (frames, height, width) = (x.shape[0], (x.shape[1] + 1) / 2, (x.shape[2] + 1) / 2)
        return padded(x, [(0, 0), (0, x.shape[1] % 2), (0, x.shape[2] % 2), (0, 0)])
            .reshaped(frames, height, 2, width, 2, channels)
            .transposed(0, 1, 3, 4, 2, 5)
            .reshaped(frames, height, width, 4 * channels)
    }
}
