import Checkpoints

extension MEDVTConfiguration: ModelConfiguration {
    /// The family's name in files.
    public static let family = "medvt"

    /// The model's name and what it is for.
    public static let title = "MED-VT for video objects or for actors and actions"

    /// The model with the tensors of `weights`, the root of a checkpoint.
    public func model(_ weights: WeightScope) throws -> any SegmentationModel {
        try MEDVT(self, weights: weights)
    }

    /// A few tensors need larger values than the usual rule gives to matter.
    public static func madeUpValues(_ name: String, shape: [Int]) -> MadeUpWeights.Values? {
        let scales: [(ending: String, scale: Float)] = [
            ("conv_offset.bias", 2), ("query_embed.weight", 1), ("q_linear.weight", 0.2),
            ("k_linear.weight", 0.2), ("insmask_head.9.weight", 0.5),
            ("label_decoder.3.weight", 1.2),
        ]
        return scales.first { name.hasSuffix($0.ending) }.map { .init(base: 0, scale: $0.scale) }
    }
}
