import Tensor

/// A few frames with the masks that a model is to give for them.
public struct TrainingClip: Sendable {
    /// The normalised frames, `[frames, height, width, 3]`.
    public let frames: Tensor<Float>

    /// 1 where a pixel belongs to an object, else 0: `[frames, height, width]`.
    public let masks: Tensor<Float>

    /// How much each pixel counts, 0 where nothing is known of it: `[frames, height, width]`; `nil` where
    /// all count alike.
    public let weights: Tensor<Float>?

    /// Where the clip comes from, for messages and logs.
    public let source: String

    /// A clip of frames with their masks.
    public init(
        frames: Tensor<Float>, masks: Tensor<Float>, weights: Tensor<Float>? = nil, source: String
    ) {
        precondition(
            frames.rank == 4 && frames.shape[3] == 3
                && Array(frames.shape.dropLast()) == masks.shape
                && weights.map { $0.shape == masks.shape } ?? true,
            "TrainingClip: frames \(frames.shape), masks \(masks.shape), weights \(weights?.shape ?? [])"
        )
        self.frames = frames
        self.masks = masks
        self.weights = weights
        self.source = source
    }
}
