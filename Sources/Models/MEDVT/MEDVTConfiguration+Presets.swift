extension MEDVTConfiguration {
    /// The names of the presets, in the order in which help texts list them.
    public static let presetNames = [
        "avos-swinb", "avos-swinb-train", "avos-swinb-2023", "avos-resnet101", "a2d-swinb",
        "a2d-resnet101", "medvt-lite",
    ]

    /// The configuration of a released model, or `nil` for an unknown name.
    ///
    /// - `avos-swinb`: video objects, Swin-B, the inference code of 2024.
    /// - `avos-swinb-train`: the same tensors in the forward pass of the 2024 training code.
    /// - `avos-swinb-2023`: the same tensors in the forward pass of the first release.
    /// - `avos-resnet101`: video objects, ResNet-101.
    /// - `a2d-swinb`, `a2d-resnet101`: actors and actions (80 classes), without label propagation.
    /// - `medvt-lite`: video objects, EfficientNet-Lite0, small enough for real time on a laptop.
    public static func preset(named name: String) -> MEDVTConfiguration? {
        var configuration = MEDVTConfiguration()
        switch name {
        case "avos-swinb": break
        case "avos-swinb-train": configuration.useJointSoftmax(keeping: .input)
        case "avos-swinb-2023": configuration.useJointSoftmax(keeping: .lay2)
        case "avos-resnet101":
            configuration.backbone = .resnet101
            configuration.useJointSoftmax(keeping: .lay2)
        case "a2d-swinb":
            configuration.useJointSoftmax(keeping: .input)
            configuration.useActorsAndActions()
            configuration.encoderCrossLayer = false
            // The inference script's default; the training script's is 3, with the same tensors.
            configuration.decoderScales = 1
        case "a2d-resnet101":
            configuration.backbone = .resnet101
            configuration.useJointSoftmax(keeping: .lay2)
            configuration.useActorsAndActions()
        case "medvt-lite": configuration.useLiteSizes()
        default: return nil
        }
        return configuration
    }

    private mutating func useJointSoftmax(keeping firstTap: PixelDecoderTap) {
        attentionMapSoftmax = .headsAndSpace
        pixelDecoderTaps = [firstTap, .lay3, .lay4, .dcn]
        decoderFeatures = .coarsest
        initialTarget = 0
    }

    private mutating func useLiteSizes() {
        backbone = .efficientNetLite0
        frames = 4
        queries = 4
        hiddenDimension = 96
        heads = 4
        feedForwardDimension = 384
        encoderLayers = [3, 1]
        crossLayerHeads = 4
        crossLayerDimension = 384
        decoderLayers = 3
        headChannels = [64, 48, 32]
        frameDifferences = true
        labelPropagation = .off
        preprocessing = Preprocessing(shortSide: 270)
        preprocessing.mean = [0.5, 0.5, 0.5]
        preprocessing.standardDeviation = [0.5, 0.5, 0.5]
    }

    private mutating func useActorsAndActions() {
        feedForwardDimension = 1024
        classes = 80
        labelPropagation = .off
        labelPropagationScale = 16
        preprocessing = Preprocessing(sizing: .fixed(height: 320, width: 480))
    }
}
