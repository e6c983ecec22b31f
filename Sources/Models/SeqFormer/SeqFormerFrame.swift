import Tensor

/// What is kept of one frame: all that the decoder and the mask head look at.
public struct SeqFormerFrame: Sendable {
    /// The encoder's output, `[tokens, channels]`, level by level, fine to coarse.
    public let memory: Tensor<Float>

    /// The features of which masks are made, `[height, width, 8]`, at stride 8.
    public let maskFeatures: Tensor<Float>

    /// Where the tokens lie.
    public let layout: SeqFormerLayout
}
