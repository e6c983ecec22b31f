import Checkpoints

extension MEDVTConfiguration {
    /// The sizes of the model whose tensors `source` holds, `nil` where they are not MED-VT's.
    ///
    /// Options that the tensors cannot tell are those of the first preset with the same backbone and
    /// classes.
    public init?(recognizedIn source: any WeightSource) {
        self.init()
        func shape(_ name: String, rank: Int) -> [Int]? {
            source.entry(named: name).flatMap { $0.shape.count == rank ? $0.shape : nil }
        }
        let root: String
        let pixelDecoder: String
        if shape("backbone.patch_embed.proj.weight", rank: 5) != nil {
            (backbone, root, pixelDecoder) = (.swinB, "transformer", "fpn")
        } else if shape("vistr.backbone.0.body.conv1.weight", rank: 4) != nil {
            (backbone, root, pixelDecoder) = (.resnet101, "vistr.transformer", "mask_head")
        } else if shape("vistr.backbone.0.body._conv_stem.weight", rank: 4) != nil {
            (backbone, root, pixelDecoder) = (.efficientNetLite0, "vistr.transformer", "mask_head")
        } else {
            return nil
        }
        let isSwin = backbone.isSwin
        let queryEmbedding = isSwin ? "transformer.query_embed.weight" : "vistr.query_embed.weight"
        guard shape("\(root).\(pixelDecoder).dcn.weight", rank: 4) != nil,
            let embedding = shape(queryEmbedding, rank: 2),
            let output = shape("insmask_head.9.weight", rank: 5),
            let features = shape("insmask_head.0.weight", rank: 5),
            let hidden = shape(
                "\(root).encoder.layers.0.\(isSwin ? "0." : "")linear1.weight", rank: 2)
        else { return nil }
        classes = output[0]
        if let preset = Self.presetNames.lazy.compactMap(Self.preset).first(where: {
            [backbone, classes] in $0.backbone == backbone && $0.classes == classes
        }) {
            adoptOptions(of: preset)
        }
        queries = embedding[0]
        frames = queries > 1 ? queries : 6
        hiddenDimension = embedding[1]
        heads = features[1] - embedding[1]
        feedForwardDimension = hidden[0]
        func count(_ list: String) -> Int {
            var count = 0
            while shape("\(list).\(count).linear1.weight", rank: 2) != nil { count += 1 }
            return count
        }
        decoderLayers = count("\(root).decoder.layers")
        if isSwin {
            encoderLayers = [0, 1].map { count("\(root).encoder.layers.\($0)") }
        } else {
            let layers = count("\(root).encoder.layers")
            encoderLayers = [max(0, layers - 1), min(1, layers)]
        }
        frameDifferences =
            shape("\(MEDVTScopes.frameDifferencePrefix)input.0.weight", rank: 4) != nil
        let crossHidden = shape("\(root).encoder.cross_res_layers.0.linear1.weight", rank: 2)?[0]
        encoderCrossLayer = crossHidden != nil
        if let crossHidden, crossHidden != crossLayer.hidden { crossLayerDimension = crossHidden }
        let inner = ["0", "3", "6"].compactMap { shape("insmask_head.\($0).weight", rank: 5)?[0] }
        if inner.count == headChannels.count { headChannels = inner }
        let propagation = "label_propagator.prop_layer.cross_attn"
        if let keys = shape("\(propagation).WK.weight", rank: 2) {
            labelPropagationKeyChannels = keys[0]
            let isOneWay = shape("\(propagation).WV.weight", rank: 2)?[0] == LabelEncoder.channels
            labelPropagation = isOneWay ? .oneWay : .manyToMany
        } else {
            labelPropagation = .off
        }
    }

    /// Whether a model of this configuration has the tensors of one of `other`, but for widths.
    public func hasTensors(like other: MEDVTConfiguration) -> Bool {
        backbone == other.backbone && classes == other.classes
            && encoderCrossLayer == other.encoderCrossLayer
            && frameDifferences == other.frameDifferences
            && (labelPropagation == .off) == (other.labelPropagation == .off)
    }

    /// Takes over what tensors cannot tell: the forward pass, the scale of label propagation, the
    /// preprocessing.
    public mutating func adoptOptions(of preset: MEDVTConfiguration) {
        crossLayerHeads = preset.crossLayerHeads
        attentionMapSoftmax = preset.attentionMapSoftmax
        pixelDecoderTaps = preset.pixelDecoderTaps
        decoderFeatures = preset.decoderFeatures
        decoderScales = preset.decoderScales
        initialTarget = preset.initialTarget
        labelPropagationScale = preset.labelPropagationScale
        labelPropagationRounds = preset.labelPropagationRounds
        preprocessing = preset.preprocessing
    }
}
