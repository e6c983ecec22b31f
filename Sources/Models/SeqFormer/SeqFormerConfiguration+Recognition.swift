import Checkpoints
import Foundation

extension SeqFormerConfiguration {
    /// The sizes of the model whose tensors `source` holds, `nil` where they are not SeqFormer's.
    ///
    /// Options that the tensors cannot tell are those of the preset with the same release and backbone.
    public init?(recognizedIn source: any WeightSource) {
        self.init()
        for release in [Release.original, .vnext] {
            self.release = release
            let scope = WeightScope(source).renaming(renames)
            if scope.contains("detr.transformer.level_embed"),
                scope.contains("controller.layers.2.weight"), read(scope)
            {
                return
            }
        }
        return nil
    }

    /// Reads the sizes from the shapes of tensors; whether they are there.
    private mutating func read(_ weights: WeightScope) -> Bool {
        func shape(_ name: String, rank: Int) -> [Int]? {
            weights.shape(of: name).flatMap { $0.count == rank ? $0 : nil }
        }
        func count(_ list: String, _ name: String) -> Int {
            var count = 0
            while shape("\(list).\(count).\(name)", rank: 1) != nil { count += 1 }
            return count
        }
        let first = "detr.transformer.encoder.layers.0"
        guard let embedding = shape("detr.transformer.level_embed", rank: 2),
            let queries = shape("detr.query_embed.weight", rank: 2),
            let classes = shape("detr.class_embed.0.bias", rank: 1),
            let hidden = shape("\(first).linear1.bias", rank: 1),
            let samples = shape("\(first).self_attn.attention_weights.bias", rank: 1),
            let backbone = BackboneKind(recognizedIn: weights["detr"]["backbone", 0]["body"])
        else { return false }
        if let preset = Self.presetNames.lazy.compactMap(Self.preset).first(where: {
            [release] in $0.release == release && $0.backbone == backbone
        }) {
            self = preset
        }
        self.backbone = backbone
        (levels, hiddenDimension) = (embedding[0], embedding[1])
        self.queries = queries[0]
        self.classes = classes[0]
        feedForwardDimension = hidden[0]
        // Eight heads in every release: the tensors tell only their product with the points.
        points = samples[0] / max(1, levels * heads)
        encoderLayers = count("detr.transformer.encoder.layers", "linear1.bias")
        decoderLayers = count("detr.transformer.decoder.layers", "linear1.bias")
        return true
    }

    /// Whether a model of this configuration has the tensors of one of `other`, but for widths.
    public func hasTensors(like other: SeqFormerConfiguration) -> Bool {
        release == other.release && backbone == other.backbone
    }

    /// Takes over what tensors cannot tell: how instances are made, the preprocessing.
    public mutating func adoptOptions(of preset: SeqFormerConfiguration) {
        inference = preset.inference
        preprocessing = preset.preprocessing
    }
}

extension SeqFormerConfiguration.BackboneKind {
    /// The kind of the backbone in this scope.
    fileprivate init?(recognizedIn weights: WeightScope) {
        if weights.contains("patch_embed.proj.weight") {
            self = .swinLarge
        } else if let kernel = weights.shape(of: "layer1.0.conv2.weight"), kernel.count == 4 {
            let isDeep = weights.contains("layer3.6.conv1.weight")
            // 3x3 kernels that see 8 of 256 channels.
            let isGrouped = kernel[1] < kernel[0]
            self = isGrouped ? .resNeXt101 : isDeep ? .resNet101 : .resNet50
        } else {
            return nil
        }
    }
}
