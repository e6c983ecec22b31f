import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Parts of SeqFormer; some have the names of other parts of MED-VT, whose cases name their model.
    static let seqFormer: [String: Entry] = [
        "encoder_layer": { module in
            let pyramid = try module.pyramid(of: "src")
            let configuration = try module.layerConfiguration(of: pyramid)
            module.weights["self_attn"].ignoreAll(below: "output_proj_box")
            let layer = try DeformableEncoderLayer(
                module.weights, channels: configuration.hiddenDimension,
                heads: configuration.heads, levels: configuration.levels,
                points: configuration.points, hidden: configuration.feedForwardDimension)
            let centers = SeqFormerLayout.centers(pyramid.levels, try module.validRatios(pyramid))
            let positions = try module.single("pos", rank: 4)
            try module.require("pos", positions.shape, pyramid.tokens.shape)
            let output = module.frames(of: pyramid).enumerated().map { frame, part in
                layer(part, positions: positions[frame], references: centers)
            }
            return [
                "output": stacked(output, axis: 1),
                "reference_points": try sampledCenters(module, pyramid),
            ]
        },
        "decoder_layer_first": decoderLayer,
        "decoder_layer_later": decoderLayer,
        "box_head": { module in
            let x = try module.input("x", rank: 3)
            let refinement = try BoxRefinement(module.weights, channels: x.shape[2])
            let (points, boxes) = (try module.input("ref2"), try module.input("ref4"))
            try module.require("ref2", points.shape, Array(x.shape[..<2]) + [2])
            try module.require("ref4", boxes.shape, Array(x.shape[..<2]) + [4])
            return [
                "delta": refinement.delta(x), "inverse_sigmoid_ref4": inverseSigmoid(boxes),
                "boxes_from_ref2": refinement(x, references: points),
                "boxes_from_ref4": refinement(x, references: boxes),
            ]
        },
        "reference_points": { module in
            let levels = try module.levels()
            let masks = try levels.indices.map { level in
                let mask = try module.mask("mask\(level)")
                let size = [levels[level].height, levels[level].width]
                guard mask.rank == 3, Array(mask.shape[1...]) == size else {
                    throw module.unfit("mask\(level)", mask.shape, "[videos] + \(size)")
                }
                return mask
            }
            let videos = masks.map { $0.shape[0] }.min() ?? 0
            let layouts = (0..<videos).map { video in
                SeqFormerLayout(levels: levels, paddingMasks: masks.map { $0[video] })
            }
            return [
                "valid_ratios": stacked(layouts.map(\.validRatios)),
                "reference_points": stacked(
                    layouts.map { $0.centers.expandedDimensions(axis: 1) * $0.validRatios }),
            ]
        },
        "sine_position": { module in
            let masks = try module.mask("mask")
            guard masks.rank == 3 else {
                throw module.unfit("mask", masks.shape, "[frames, height, width]")
            }
            let features = try module.option("num_pos_feats")
            guard features % 2 == 0 else {
                throw VerificationError.missingOption(
                    name: "num_pos_feats", path: module.referenceCase.path)
            }
            let encoding = PositionEncoding2D(features: features)
            return [
                "output": stacked((0..<masks.shape[0]).map { encoding(mask: masks[$0]) })
                    .channelsFirst
            ]
        },
        "msda_core": { module in
            let values = try module.input("value", rank: 4)
            let levels = try module.levels()
            let locations = try module.input("sampling_locations", rank: 6)
            let weights = try module.input("attention_weights", rank: 5)
            try module.require("attention_weights", weights.shape, Array(locations.shape[..<5]))
            try module.require(
                "value", Array(values.shape[..<3]),
                [locations.shape[0], levels.reduce(0) { $0 + $1.count }, locations.shape[2]])
            try module.require("spatial_shapes", [levels.count, 2], [locations.shape[3], 2])
            let sizes = levels.flatMap { [Float($0.width), Float($0.height)] }
            let rows = Array(locations.shape[..<2])
            return [
                // Offsets from the corner, and logits whose softmax are the weights.
                "output": deformableSampling(
                    values: values, levels: levels,
                    offsets: (locations * Tensor(sizes, shape: [levels.count, 1, 2]))
                        .reshaped(rows + [-1]),
                    logits: log(weights).reshaped(rows + [-1]),
                    references: Tensor(zeros: rows + [2]))
            ]
        },
    ]

    private static let decoderLayer: Entry = { module in
        let memory = try module.pyramid(of: "memory")
        let configuration = try module.layerConfiguration(of: memory)
        let layer = try SeqFormerDecoderLayer(module.weights, configuration)
        let instances = try module.single("tgt", rank: 3)
        let positions = try module.single("query_pos", rank: 3)
        let boxes = try module.input("tgt_box").squeezed(axis: 0)
        let references = try module.single("reference_points", rank: 4)
        let frames = memory.tokens.shape[0]
        try module.require("query_pos", positions.shape, instances.shape)
        try module.require("tgt_box", Array(boxes.shape.suffix(2)), instances.shape)
        try module.require(
            "reference_points", Array(references.shape[..<2]), [frames, instances.shape[0]])
        guard (2...3).contains(boxes.rank), boxes.rank == 2 || boxes.shape[0] == frames,
            [2, 4].contains(references.shape[2])
        else { throw module.unfit("tgt_box", boxes.shape, "[1, (frames,) queries, channels]") }
        _ = try module.validRatios(memory)
        let queries = SeqFormerDecoderLayer.Queries(instances: instances, boxes: boxes)
        let output = layer(
            queries, positions: positions, references: references,
            memories: module.frames(of: memory))
        return [
            "out": output.queries.instances.expandedDimensions(axis: 0),
            "out_box": output.queries.boxes.expandedDimensions(axis: 0),
            "time_weights": output.frameWeights.expandedDimensions(axis: 0),
            "last_frame_sampling_locations": try locations(
                module, configuration, layer.aware(boxes, positions: positions) + positions,
                references, memory),
        ]
    }

    /// Where the queries of the last frame look, `[1, queries, heads, levels, points, 2]`: the arithmetic
    /// of the paper, which the kernel does on its way.
    private static func locations(
        _ module: ModuleCase, _ configuration: SeqFormerConfiguration, _ asking: Tensor<Float>,
        _ references: Tensor<Float>, _ memory: TokenPyramid
    ) throws -> Tensor<Float> {
        let last = references.shape[0] - 1
        let asking = asking.rank == 3 ? asking[last] : asking
        let (levels, points) = (configuration.levels, configuration.points)
        let offsets = try Linear(
            module.weights["cross_attn"]["sampling_offsets"], inputs: asking.shape[1],
            outputs: configuration.heads * levels * points * 2)(asking)
            .reshaped(-1, configuration.heads, levels, points, 2)
        let ratios = try module.validRatios(memory).reshaped(1, 1, levels, 1, 2)
        let places = references[last].reshaped(references.shape[1], 1, 1, 1, -1)
        let centers = places.sliced(axis: 4, 0..<2) * ratios
        let sizes = memory.levels.flatMap { [Float($0.width), Float($0.height)] }
        let moved =
            references.shape[2] == 2
            ? offsets / Tensor(sizes, shape: [levels, 1, 2])
            : offsets / Float(points) * (places.sliced(axis: 4, 2..<4) * ratios) * 0.5
        return (centers + moved).expandedDimensions(axis: 0)
    }

    /// The centres of the tokens in the map of each level, `[1, tokens, levels, 2]`.
    private static func sampledCenters(
        _ module: ModuleCase, _ pyramid: TokenPyramid
    ) throws -> Tensor<Float> {
        let ratios = try module.validRatios(pyramid)
        let centers = SeqFormerLayout.centers(pyramid.levels, ratios)
        return (centers.expandedDimensions(axis: 1) * ratios).expandedDimensions(axis: 0)
    }
}

extension ModuleCase {
    /// An input of a batch of one, without that axis.
    fileprivate func single(_ name: String, rank: Int) throws -> Tensor<Float> {
        let value = try input(name, rank: rank)
        guard value.shape[0] == 1 else { throw unfit(name, value.shape, "a batch of one") }
        return value.squeezed(axis: 0)
    }

    /// The sizes of the levels.
    fileprivate func levels() throws -> [MapSize] {
        let sizes = try integers("spatial_shapes")
        guard sizes.rank == 2, sizes.shape[1] == 2, sizes.shape[0] > 0,
            sizes.scalars.allSatisfy({ (1...4096).contains($0) })
        else { throw unfit("spatial_shapes", sizes.shape, "[levels, 2], rows and columns") }
        return (0..<sizes.shape[0]).map {
            MapSize(height: Int(sizes[[$0, 0]]), width: Int(sizes[[$0, 1]]))
        }
    }

    /// The tokens `[1, frames, tokens, channels]` with their padding.
    fileprivate func pyramid(of name: String) throws -> TokenPyramid {
        let tokens = try single(name, rank: 4)
        let levels = try levels()
        try require(name, [tokens.shape[1]], [levels.reduce(0) { $0 + $1.count }])
        let padding = try mask("padding_mask")
        try require("padding_mask", padding.shape, [1] + tokens.shape[..<2])
        let ratios = try single("valid_ratios", rank: 3)
        try require("valid_ratios", ratios.shape, [levels.count, 2])
        return TokenPyramid(
            tokens: tokens, levels: levels, paddingMask: padding.squeezed(axis: 0),
            validRatios: ratios)
    }

    /// The pyramid of each frame.
    fileprivate func frames(of pyramid: TokenPyramid) -> [TokenPyramid] {
        (0..<pyramid.tokens.shape[0]).map { frame in
            TokenPyramid(
                tokens: pyramid.tokens[frame..<frame + 1], levels: pyramid.levels,
                paddingMask: pyramid.paddingMask?[frame..<frame + 1],
                validRatios: pyramid.validRatios)
        }
    }

    fileprivate func validRatios(_ pyramid: TokenPyramid) throws -> Tensor<Float> {
        guard let ratios = pyramid.validRatios else {
            throw VerificationError.missingOption(name: "valid_ratios", path: referenceCase.path)
        }
        return ratios
    }

    /// The configuration of a model that has such a layer.
    fileprivate func layerConfiguration(
        of pyramid: TokenPyramid
    ) throws -> SeqFormerConfiguration {
        var configuration = SeqFormerConfiguration()
        configuration.hiddenDimension = pyramid.tokens.shape[2]
        configuration.heads = try divisor("n_heads", of: configuration.hiddenDimension)
        configuration.feedForwardDimension = try option("d_ffn")
        configuration.levels = pyramid.levels.count
        configuration.points = try option("n_points")
        return configuration
    }
}
