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

    /// Values with which queries find different places, frames differ in weight, and few scores are high.
    public static func madeUpValues(_ name: String, shape: [Int]) -> MadeUpWeights.Values? {
        let isDecoder = name.contains("decoder.layers.")
        let values: [(ending: String, applies: Bool, base: Float, scale: Float)] = [
            ("level_embed", true, 0, 1), ("sampling_offsets.bias", true, 0, 2),
            ("query_embed.weight", true, 0, 2.5), ("in_proj_weight", isDecoder, 0, 0.2),
            ("attention_weights.weight", isDecoder, 0, 0.2),
            ("output_proj.weight", isDecoder, 0, 0.3), ("output_proj.bias", isDecoder, 0, 0.3),
            ("output_proj_box.weight", isDecoder, 0, 0.3),
            ("output_proj_box.bias", isDecoder, 0, 0.3),
            ("time_attention_weights.weight", true, 0, 0.4),
            ("weight", name.contains("class_embed."), 0, 0.3),
            ("bias", name.contains("class_embed."), -8, 0.5),
            ("weight", name.contains("controller.layers.2."), 0, 0.06),
            ("bias", name.contains("controller.layers.2."), 0, 0.1),
            ("mask_head.lay2.weight", true, 0, 0.4),
        ]
        return values.first { $0.applies && name.hasSuffix($0.ending) }
            .map { MadeUpWeights.Values(base: $0.base, scale: $0.scale) }
    }
}
