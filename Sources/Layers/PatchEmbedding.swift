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

    private let inputChannels: Int
    private let projection: PackedPanels
    private let bias: FloatVector
    private let norm: NormVectors

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
        projection = try weights.tensor("proj.weight", shape: [channels, inputChannels] + kernel)
            .reshaped(channels, inputChannels, taps).transposed(0, 2, 1)
            .withUnsafeBuffer { PackedPanels($0, taps * inputChannels) }
        bias = try weights.vector("proj.bias", count: channels)
        norm = try NormVectors(weights["norm"], channels: channels, epsilon: epsilon)
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
        return clip.withUnsafeBuffer { clip in
            Tensor(shape: [counts.x, counts.y, counts.z, projection.columns]) { tokens in
                guard let clip = clip.baseAddress, let tokens = tokens.baseAddress else { return }
                embedPatches(
                    of: clip, extent: extent, channels: inputChannels, patch: patch.vector,
                    projection: projection, bias: bias, norm: norm, into: tokens)
            }
        }
    }
}
