extension SeqFormerConfiguration: Codable {
    /// The names of the official scripts' options and of the reference cases.
    private enum CodingKeys: String, CodingKey {
        case family
        case release = "format"
        case backbone
        case hiddenDimension = "hidden_dim"
        case heads = "nheads"
        case feedForwardDimension = "dim_feedforward"
        case encoderLayers = "enc_layers"
        case decoderLayers = "dec_layers"
        case levels = "num_feature_levels"
        case points = "n_points"
        case queries = "num_queries"
        case classes = "num_classes"
        case inference
        case preprocessing
        case shortSide = "resize_short_side"
        case longSide = "resize_max"
    }

    /// Reads a configuration. Every key is optional: what is absent is as in the preset that `family`
    /// names, or as in `seqformer-r50` without it. Over a base (see `overridden(by:from:)`), the preset
    /// only stands for options that tensors cannot tell.
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
        try read(.release, into: &release)
        try read(.backbone, into: &backbone)
        try read(.hiddenDimension, into: &hiddenDimension)
        try read(.heads, into: &heads)
        try read(.feedForwardDimension, into: &feedForwardDimension)
        try read(.encoderLayers, into: &encoderLayers)
        try read(.decoderLayers, into: &decoderLayers)
        try read(.levels, into: &levels)
        try read(.points, into: &points)
        try read(.queries, into: &queries)
        try read(.classes, into: &classes)
        if values.contains(.inference) {
            try inference.read(from: values.superDecoder(forKey: .inference))
        }
        try read(.preprocessing, into: &preprocessing)
        let shortSide = try values.decodeIfPresent(Int.self, forKey: .shortSide)
        let longSide = try values.decodeIfPresent(Int.self, forKey: .longSide)
        preprocessing.sizing = preprocessing.sizing.limited(to: shortSide, longSide)
        try validate()
    }

    /// Writes every option, under the names of the official scripts where those have one.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(release, forKey: .release)
        try values.encode(backbone, forKey: .backbone)
        try values.encode(hiddenDimension, forKey: .hiddenDimension)
        try values.encode(heads, forKey: .heads)
        try values.encode(feedForwardDimension, forKey: .feedForwardDimension)
        try values.encode(encoderLayers, forKey: .encoderLayers)
        try values.encode(decoderLayers, forKey: .decoderLayers)
        try values.encode(levels, forKey: .levels)
        try values.encode(points, forKey: .points)
        try values.encode(queries, forKey: .queries)
        try values.encode(classes, forKey: .classes)
        try values.encode(inference, forKey: .inference)
        try values.encode(preprocessing, forKey: .preprocessing)
    }
}

extension Preprocessing.Sizing {
    /// The same rule for another short side, another limit of the long side, or both.
    fileprivate func limited(to newShort: Int?, _ newLong: Int?) -> Self {
        switch self {
        case .shortSide(let short, let long):
            .shortSide(newShort ?? short, longSide: newLong ?? long)
        case .shortestEdge(let short, let long):
            .shortestEdge(newShort ?? short, longSide: newLong ?? long)
        case .fixed: self
        }
    }
}
