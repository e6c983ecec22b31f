import Checkpoints
import Kernels
import Tensor

/// Cuts a clip into patches and projects each to a token, with a layer norm over its channels.
///
/// `PatchEmbed3D` of the Video Swin Transformer, `PatchEmbed` of the Swin Transformer. The clip is
/// completed with zeros to whole patches.
public struct PatchEmbedding: Sendable {
    /// The size of a patch in frames and pixels.
    public let patch: WindowSize

    private enum Form {
        case fused(projection: PackedPanels, bias: FloatVector, norm: NormVectors)
        case composed(projection: Linear, norm: LayerNorm)
    }

    private let inputChannels: Int
    private let channels: Int
    private let form: Form

    /// Loads `proj`, a convolution whose stride is its kernel, and `norm`.
    ///
    /// - Parameter isPlanar: whether the convolution is one over images, without an axis of frames.
    public init(
        _ weights: WeightScope, inputChannels: Int = 3, channels: Int, patch: WindowSize,
        isPlanar: Bool = false, epsilon: Float = 1e-5
    ) throws {
        precondition(
            !isPlanar || patch.frames == 1,
            "PatchEmbedding: a patch of images has \(patch.frames) frames")
        self.patch = patch
        self.inputChannels = inputChannels
        let taps = patch.frames * patch.height * patch.width
        // Channels innermost, as they lie in the clip.
        let kernel = (isPlanar ? [] : [patch.frames]) + [patch.height, patch.width]
        let matrix = try weights.tensor("proj.weight", shape: [channels, inputChannels] + kernel)
            .reshaped(channels, inputChannels, taps).transposed(0, 2, 1)
            .reshaped(channels, taps * inputChannels)
        self.channels = channels
        guard !matrix.isTraced else {
            form = .composed(
                projection: Linear(
                    weight: matrix, bias: try weights.tensor("proj.bias", shape: [channels])),
                norm: try LayerNorm(weights["norm"], channels: channels, epsilon: epsilon))
            return
        }
        form = .fused(
            projection: matrix.withUnsafeBuffer { PackedPanels($0, taps * inputChannels) },
            bias: try weights.vector("proj.bias", count: channels),
            norm: try NormVectors(weights["norm"], channels: channels, epsilon: epsilon))
    }

    /// The tokens of `clip`, `[frames, height, width, inputChannels]`: `[frames / patch.frames,
    /// height / patch.height, width / patch.width, channels]`, rounded up.
    public func callAsFunction(_ clip: Tensor<Float>) -> Tensor<Float> {
        let shape = clip.shape
        precondition(
            shape.count == 4 && shape[3] == inputChannels,
            "PatchEmbedding: \(shape) is not [frames, height, width, \(inputChannels)]")
        let extent = SIMD3(shape[0], shape[1], shape[2])
        let counts = (extent &+ patch.vector &- 1) / patch.vector
        switch form {
        case .composed(let projection, let norm):
            return norm(projection(patches(of: clip, counts)))
        case .fused(let projection, let bias, let norm):
            return clip.withUnsafeBuffer { clip in
                Tensor(shape: [counts.x, counts.y, counts.z, channels]) { tokens in
                    guard let clip = clip.baseAddress, let tokens = tokens.baseAddress
                    else { return }
                    embedPatches(
                        of: clip, extent: extent, channels: inputChannels, patch: patch.vector,
                        projection: projection, bias: bias, norm: norm, into: tokens)
                }
            }
        }
    }

    /// The pixels of each patch side by side.
    private func patches(of clip: Tensor<Float>, _ counts: SIMD3<Int>) -> Tensor<Float> {
        let patch = self.patch.vector
        let whole = counts &* patch
        let missing = (0..<3).map { (0, whole[$0] - clip.shape[$0]) }
        return padded(clip, missing + [(0, 0)])
            .reshaped(counts.x, patch.x, counts.y, patch.y, counts.z, patch.z, inputChannels)
            .transposed(0, 2, 4, 1, 3, 5, 6)
            .reshaped(counts.x, counts.y, counts.z, patch.x * patch.y * patch.z * inputChannels)
    }
}
