import Tensor

/// What the decoder gives for the frames of a video or a clip.
public struct SeqFormerOutput: Sendable {
    /// The logits of the classes, `[queries, classes]`.
    public let logits: Tensor<Float>

    /// The boxes, `[frames, queries, 4]`: centre, width and height as shares of the valid area.
    public let boxes: Tensor<Float>

    /// The weights and biases of each query's mask head, `[queries, 169]`.
    public let maskParameters: Tensor<Float>

    /// The point of each frame that a query's mask head measures from, `[frames, queries, 2]`: x, y in
    /// pixels of the network's input.
    public let references: Tensor<Float>
}
