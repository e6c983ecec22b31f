import Checkpoints

extension MEDVTConfiguration.BackboneKind {
    /// The backbone of this kind with the tensors of `weights`.
    func make(_ weights: WeightScope) throws -> any Backbone {
        switch self {
        case .swinB: try VideoSwin(.base, weights: weights)
        case .resnet101: try ResNet(.resNet101, weights: weights)
        case .efficientNetLite0: try EfficientNetLite(.lite0, weights: weights)
        }
    }

    /// Whether the model is one of the official class for Swin; every other backbone has the parts and names
    /// of the class for ResNet.
    var isSwin: Bool { self == .swinB }

    /// How large the values of each level are, at a glance: the projections of a fresh model bring them to 1.
    var levelMagnitudes: [Double] {
        switch self {
        case .swinB, .resnet101: [1, 1, 1, 1]
        case .efficientNetLite0: [8, 6.5, 6, 2.6]
        }
    }

    /// What stands before the backbone's own names in a checkpoint.
    var prefix: String { isSwin ? "backbone." : "vistr.backbone.0.body." }
}

extension MEDVTConfiguration {
    /// The heads and the hidden width of the encoder's layer between its two levels.
    var crossLayer: (heads: Int, hidden: Int) {
        (
            crossLayerHeads ?? (backbone.isSwin ? 1 : 8),
            crossLayerDimension ?? (backbone.isSwin ? hiddenDimension : 1024)
        )
    }
}
