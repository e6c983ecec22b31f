import Checkpoints

extension SeqFormerConfiguration.BackboneKind {
    /// The backbone of this kind with the tensors of `weights`.
    func make(_ weights: WeightScope) throws -> any Backbone {
        switch self {
        case .resNet50: try ResNet(.resNet50, weights: weights)
        case .resNet101: try ResNet(.resNet101, weights: weights)
        case .resNeXt101: try ResNet(.resNeXt101, weights: weights)
        case .swinLarge: try Swin(.large, weights: weights)
        }
    }
}
