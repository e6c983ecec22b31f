/// The sizes and options of a MED-VT model ("MED-VT: Multiscale Encoder-Decoder Video Transformer",
/// Karim et al., CVPR 2023, and its journal version MED-VT++).
///
/// Sizes follow from the checkpoint; options such as the softmax of the attention map do not: three
/// releases of the official code run three different forward passes over the same tensors. The presets
/// name them (see `MEDVTConfiguration.preset(named:)`).
public struct MEDVTConfiguration: Sendable, Equatable {
    /// The network that looks at the frames.
    public enum BackboneKind: String, Sendable, Codable, CaseIterable {
        /// 3-D Swin-B, windows of 8x7x7; levels at strides 8, 16, 32, 32.
        case swinB
        /// ResNet-101, frame by frame; levels at strides 4, 8, 16, 32.
        case resnet101
        /// EfficientNet-Lite0, frame by frame; levels at strides 4, 8, 16, 32.
        case efficientNetLite0 = "efficientnet-lite0"
    }

    /// How the logits are refined by propagating labels between frames.
    public enum LabelPropagationMode: Int, Sendable, Codable {
        /// Not at all.
        case off = 0
        /// From the other frames to the last one.
        case oneWay = 1
        /// From every frame to every other frame.
        case manyToMany = 2
    }

    /// Over what the attention map of a query is normalised.
    public enum AttentionMapSoftmax: String, Sendable, Codable {
        /// Over the heads, at each pixel (2024 inference code for video objects). Padded input is not
        /// possible with it: a padded pixel has no weight to normalise.
        case heads
        /// Over heads, rows and columns together (all other releases).
        case headsAndSpace = "heads_and_space"
    }

    /// A feature map that the pixel decoder hands on, named as in the official code.
    public enum PixelDecoderTap: String, Sendable, Codable {
        /// The encoder's deepest output, before the first convolution.
        case input
        /// After the second convolution.
        case lay2
        /// After the first lateral map and its convolution.
        case lay3
        /// After the second lateral map and its convolution.
        case lay4
        /// After the third lateral map and the deformable convolution.
        case dcn
    }

    /// Which of the pixel decoder's four maps the query decoder looks at, coarse to fine, in turn.
    public enum DecoderFeatures: String, Sendable, Codable {
        /// The last `decoderScales` maps.
        case finest
        /// The first `decoderScales` maps.
        case coarsest
    }

    /// The network that looks at the frames.
    public var backbone: BackboneKind = .swinB
    /// How many frames are seen at once.
    public var frames = 6
    /// Every how many frames of the video a window holds one, where nothing else is asked for.
    public var frameStride = 1
    /// How many queries there are: one a frame, or one that all frames share.
    public var queries = 6
    /// The width of all tokens.
    public var hiddenDimension = 384
    /// The heads of an attention (and the channels of the attention map).
    public var heads = 8
    /// The width of the hidden layer of feed-forward blocks.
    public var feedForwardDimension = 2048
    /// How many layers the encoder has on the deepest level and on the one before it.
    public var encoderLayers = [6, 1]
    /// The heads of the encoder's layer between its two levels; `nil` where they are those of the official
    /// code, whatever the other options say: 1 with Swin-B, else 8.
    public var crossLayerHeads: Int?
    /// The width of its hidden layer; `nil` where it is that of the official code: that of the tokens with
    /// Swin-B, else 1024.
    public var crossLayerDimension: Int?
    /// How many layers the query decoder has.
    public var decoderLayers = 9
    /// The channels between the four convolutions of the head, multiples of 4.
    public var headChannels = [384, 256, 128]
    /// How many classes are told apart; 1 means foreground or not.
    public var classes = 1

    /// Whether what differs between the frames is added to the projected levels (see `FrameDifferences`);
    /// no official model has that.
    public var frameDifferences = false
    /// Whether the encoder has a layer between its two levels.
    public var encoderCrossLayer = true
    /// Over what the attention map is normalised.
    public var attentionMapSoftmax: AttentionMapSoftmax = .heads
    /// The four maps that the pixel decoder keeps, coarse to fine. The last one is always `dcn`.
    public var pixelDecoderTaps: [PixelDecoderTap] = [.lay2, .lay3, .lay4, .dcn]
    /// Which of them the query decoder looks at.
    public var decoderFeatures: DecoderFeatures = .finest
    /// How many of them the query decoder looks at.
    public var decoderScales = 3
    /// The value that queries start from.
    public var initialTarget: Float = 1e-6

    /// How labels are propagated between frames.
    public var labelPropagation: LabelPropagationMode = .manyToMany
    /// The width of the keys by which similar places are found.
    public var labelPropagationKeyChannels = 128
    /// By how much the logits are enlarged before their labels are encoded.
    public var labelPropagationScale = 8.0
    /// How often labels are propagated.
    public var labelPropagationRounds = 1

    /// How a decoded frame becomes the model's input.
    public var preprocessing = Preprocessing(sizing: .shortSide(473, longSide: 851))

    /// The 2024 inference code for video objects with Swin-B: the preset `avos-swinb`.
    public init() {}
}
