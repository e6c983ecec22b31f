import Checkpoints

extension MEDVTConfiguration.BackboneKind {
    /// The backbone of this kind with the tensors of `weights`.
    func make(_ weights: WeightScope) throws -> any Backbone {
        switch self {
        case .swinB: try VideoSwin(.base, weights: weights)
        case .resnet101: try ResNet(.resNet101, weights: weights)
        }
    }
}
