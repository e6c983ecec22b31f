import Tensor

/// What is kept of one frame: all that the decoder and the mask head look at.
public struct SeqFormerFrame: Sendable {
    /// The encoder's output, `[tokens, channels]`, level by level, fine to coarse.
    public let memory: Tensor<Float>

    /// The features of which masks are made, `[height, width, 8]`, at stride 8.
    public let maskFeatures: Tensor<Float>

    /// Where the tokens lie.
    public let layout: SeqFormerLayout

    /// A frame from its parts.
    public init(memory: Tensor<Float>, maskFeatures: Tensor<Float>, layout: SeqFormerLayout) {
        precondition(
            memory.rank == 2 && memory.shape[0] == layout.tokens && maskFeatures.rank == 3,
            "SeqFormerFrame: memory \(memory.shape) and mask features \(maskFeatures.shape) of a frame "
                + "of \(layout.tokens) tokens")
        self.memory = memory
        self.maskFeatures = maskFeatures
        self.layout = layout
    }
}
