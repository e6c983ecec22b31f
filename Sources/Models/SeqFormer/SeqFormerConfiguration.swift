/// The sizes and options of a SeqFormer model (Wu et al., "SeqFormer: Sequential Transformer for Video
/// Instance Segmentation", ECCV 2022).
///
/// Sizes follow from the checkpoint. Two official code bases exist, whose networks are the same and
/// whose names, preprocessing and results differ: see ``Release``.
public struct SeqFormerConfiguration: Sendable, Equatable {
    /// The network that looks at the frames.
    public enum BackboneKind: String, Sendable, Codable, CaseIterable {
        /// ResNet-50.
        case resNet50 = "resnet50"
        /// ResNet-101.
        case resNet101 = "resnet101"
        /// ResNeXt-101, 32 groups of 8 channels.
        case resNeXt101 = "resnext101_32x8d"
        /// Swin-L, windows of 12x12.
        case swinLarge = "swin_l_p4w12"
    }

    /// The official code base that a checkpoint belongs to.
    public enum Release: String, Sendable, Codable {
        /// The SeqFormer repository: `inference.py`.
        case original
        /// VNext, built on detectron2.
        case vnext
    }

    /// The code base whose names and rules hold.
    public var release = Release.original
    /// The network that looks at the frames.
    public var backbone = BackboneKind.resNet50
    /// The width of all tokens.
    public var hiddenDimension = 256
    /// The heads of an attention.
    public var heads = 8
    /// The width of the hidden layer of feed-forward blocks.
    public var feedForwardDimension = 1024
    /// How many layers the encoder has.
    public var encoderLayers = 6
    /// How many layers the decoder has.
    public var decoderLayers = 6
    /// How many resolutions are looked at: the backbone's last three and some that are made of its last.
    public var levels = 4
    /// How many points of each level a head samples.
    public var points = 4
    /// How many instances are looked for.
    public var queries = 300
    /// How many outputs a query has for classes. The original release has two more than its data set has
    /// categories.
    public var classes = 42

    /// How instances are made of what the network gives.
    public var inference = SeqFormerInference()

    /// How a decoded frame becomes the model's input.
    public var preprocessing = Preprocessing(
        sizing: .shortSide(360, longSide: unlimitedLongSide))

    /// Longer than any frame: the original release knows no limit.
    static let unlimitedLongSide = 16384

    /// The original release with ResNet-50: the preset `seqformer-r50`.
    public init() {}
}
