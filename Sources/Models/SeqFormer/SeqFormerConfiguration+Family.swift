import Checkpoints

extension SeqFormerConfiguration: ModelConfiguration {
    /// The family's name in files.
    public static let family = "seqformer"

    /// The model's name and what it is for.
    public static let title = "SeqFormer for all objects of a video"

    /// The model with the tensors of `weights`, the root of a checkpoint.
    public func model(_ weights: WeightScope) throws -> any SegmentationModel {
        try SeqFormer(self, weights: weights)
    }
}
