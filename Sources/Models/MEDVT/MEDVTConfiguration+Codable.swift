extension MEDVTConfiguration: Codable {
    /// The names of the official scripts' options and of the reference cases.
    private enum CodingKeys: String, CodingKey {
        case family
        case backbone
        case frames = "num_frames"
        case frameStride = "frame_stride"
        case queries = "num_queries"
        case hiddenDimension = "hidden_dim"
        case heads = "nheads"
        case feedForwardDimension = "dim_feedforward"
        case encoderLayers = "enc_layers"
        case crossLayerHeads = "cross_layer_nheads"
        case crossLayerDimension = "cross_layer_dim_feedforward"
        case decoderLayers = "dec_layers"
        case headChannels = "head_channels"
        case classes = "num_classes"
        case frameDifferences = "frame_differences"
        case encoderCrossLayer = "encoder_cross_layer"
        case attentionMapSoftmax = "attn_softmax"
        case pixelDecoderTaps = "fpn_taps"
        case decoderFeatures = "decoder_features"
        case decoderScales = "decoder_scales"
        case initialTarget = "tgt_init"
        case labelPropagation = "lprop_mode"
        case labelPropagationKeyChannels = "lprop_key_channels"
        case labelPropagationScale = "lprop_scale"
        case labelPropagationRounds = "stacked_lprop"
        case preprocessing
    }

    /// Reads a configuration. Every key is optional: what is absent is as in the preset that `family`
    /// names, or as in `avos-swinb` without it. Over a base (see `overridden(by:from:)`), the preset only
    /// stands for options that tensors cannot tell.
    ///
    /// - Throws: `DecodingError` for a value of the wrong kind or an unknown name,
    ///   ``ConfigurationError`` for values that no model can have.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let family = try values.decodeIfPresent(String.self, forKey: .family)
        self = try Self.base(of: decoder, family: family) ?? Self()
        func read<Value: Decodable>(
            _ key: CodingKeys, into value: inout Value
        ) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.backbone, into: &backbone)
        try read(.frames, into: &frames)
        try read(.frameStride, into: &frameStride)
        if queries > 1 { queries = frames }
        try read(.queries, into: &queries)
        try read(.hiddenDimension, into: &hiddenDimension)
        try read(.heads, into: &heads)
        try read(.feedForwardDimension, into: &feedForwardDimension)
        try read(.encoderLayers, into: &encoderLayers)
        crossLayerHeads =
            try values.decodeIfPresent(Int.self, forKey: .crossLayerHeads) ?? crossLayerHeads
        crossLayerDimension =
            try values.decodeIfPresent(Int.self, forKey: .crossLayerDimension)
            ?? crossLayerDimension
        try read(.decoderLayers, into: &decoderLayers)
        try read(.headChannels, into: &headChannels)
        try read(.classes, into: &classes)
        try read(.frameDifferences, into: &frameDifferences)
        try read(.encoderCrossLayer, into: &encoderCrossLayer)
        try read(.attentionMapSoftmax, into: &attentionMapSoftmax)
        try read(.pixelDecoderTaps, into: &pixelDecoderTaps)
        try read(.decoderFeatures, into: &decoderFeatures)
        try read(.decoderScales, into: &decoderScales)
        try read(.initialTarget, into: &initialTarget)
        try read(.labelPropagation, into: &labelPropagation)
        try read(.labelPropagationKeyChannels, into: &labelPropagationKeyChannels)
        try read(.labelPropagationScale, into: &labelPropagationScale)
        try read(.labelPropagationRounds, into: &labelPropagationRounds)
        try read(.preprocessing, into: &preprocessing)
        try validate()
    }

    /// Writes every option, under the names of the official scripts where those have one.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(backbone, forKey: .backbone)
        try values.encode(frames, forKey: .frames)
        try values.encode(frameStride, forKey: .frameStride)
        try values.encode(queries, forKey: .queries)
        try values.encode(hiddenDimension, forKey: .hiddenDimension)
        try values.encode(heads, forKey: .heads)
        try values.encode(feedForwardDimension, forKey: .feedForwardDimension)
        try values.encode(encoderLayers, forKey: .encoderLayers)
        try values.encodeIfPresent(crossLayerHeads, forKey: .crossLayerHeads)
        try values.encodeIfPresent(crossLayerDimension, forKey: .crossLayerDimension)
        try values.encode(decoderLayers, forKey: .decoderLayers)
        try values.encode(headChannels, forKey: .headChannels)
        try values.encode(classes, forKey: .classes)
        try values.encode(frameDifferences, forKey: .frameDifferences)
        try values.encode(encoderCrossLayer, forKey: .encoderCrossLayer)
        try values.encode(attentionMapSoftmax, forKey: .attentionMapSoftmax)
        try values.encode(pixelDecoderTaps, forKey: .pixelDecoderTaps)
        try values.encode(decoderFeatures, forKey: .decoderFeatures)
        try values.encode(decoderScales, forKey: .decoderScales)
        try values.encode(initialTarget, forKey: .initialTarget)
        try values.encode(labelPropagation, forKey: .labelPropagation)
        try values.encode(labelPropagationKeyChannels, forKey: .labelPropagationKeyChannels)
        try values.encode(labelPropagationScale, forKey: .labelPropagationScale)
        try values.encode(labelPropagationRounds, forKey: .labelPropagationRounds)
        try values.encode(preprocessing, forKey: .preprocessing)
    }
}
