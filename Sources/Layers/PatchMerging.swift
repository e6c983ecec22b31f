import Checkpoints
import Kernels
import Tensor

/// Joins each 2 by 2 square of tokens into one: half the height and width, twice the channels.
///
/// Liu et al., "Swin Transformer" (2021), section 3.1. An odd last row or column is completed with zeros.
public struct PatchMerging: Sendable {
    private let channels: Int
    private let norm: NormVectors
    private let reduction: PackedPanels

    /// Loads `norm` over `4 * channels` and `reduction` to `2 * channels`.
    public init(_ weights: WeightScope, channels: Int, epsilon: Float = 1e-5) throws {
        self.channels = channels
        norm = try NormVectors(weights["norm"], channels: 4 * channels, epsilon: epsilon)
        reduction = try weights.panels(
            "reduction.weight", outputs: 2 * channels, inputs: 4 * channels)
    }

    /// `[frames, height, width, channels]` to `[frames, height / 2, width / 2, 2 * channels]`, rounded up.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[3] == channels,
            "PatchMerging: \(shape) is not [frames, height, width, \(channels)]")
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
