import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Attention, encoder and decoder layers, positions.
    static let transformer: [String: Entry] = [
        "mha_key_padding": { module in
            let (queries, keys) = (try module.tokens("q"), try module.tokens("k"))
            try module.require("k", keys.shape, [keys.shape[0], queries.shape[1]])
            let values = try module.tokens("v", shape: keys.shape)
            let attention = try MultiHeadAttention(
                module.weights, channels: queries.shape[1],
                heads: try module.divisor("heads", of: queries.shape[1]))
            let mask = try module.keyPaddingMask(
                "key_padding_mask", keys: keys.shape[0])
            return [
                "y": attention(
                    queries: queries, keys: keys, values: values, keyPaddingMask: mask
                ).batchedTokens,
                "y_nomask": attention(queries: queries, keys: keys, values: values)
                    .batchedTokens,
            ]
        },
        "encoder_layer": encoderLayer,
        "cross_resolution_swin": crossResolutionLayer,
        "cross_resolution_resnet": crossResolutionLayer,
        "decoder_layer": { module in
            let target = try module.tokens("tgt")
            let layer = try DecoderLayer(
                module.weights, channels: target.shape[1],
                heads: try module.divisor("heads", of: target.shape[1]),
                hidden: try module.option("ff"))
            let memory = try module.tokens("mem")
            try module.require("mem", memory.shape, [memory.shape[0], target.shape[1]])
            let output = layer(
                target, queryPositions: try module.tokens("qpos", shape: target.shape),
                memory: .init(
                    tokens: memory, positions: try module.tokens("pos", shape: memory.shape),
                    keyPaddingMask: try module.keyPaddingMask(keys: memory.shape[0])))
            return ["y": output.batchedTokens]
        },
        "position_encoding_3d": positionEncoding,
    ]

    private static let encoderLayer: Entry = { module in
        let tokens = try module.tokens("x")
        let layer = try EncoderLayer(
            module.weights, channels: tokens.shape[1],
            heads: try module.divisor("heads", of: tokens.shape[1]),
            hidden: try module.option("ff"),
            normalized: module.weights.contains("norm1.weight"))
        let output = layer(
            tokens, positions: try module.tokens("pos", shape: tokens.shape),
            keyPaddingMask: try module.keyPaddingMask(keys: tokens.shape[0]))
        return ["y": output.batchedTokens]
    }

    private static let crossResolutionLayer: Entry = { module in
        let (deep, shallow) = (try module.tokens("deep"), try module.tokens("shallow"))
        let channels = deep.shape[1]
        try module.require("shallow", shallow.shape, [shallow.shape[0], channels])
        let heads = try module.divisor("heads", of: channels)
        let hidden = try module.option("ff")
        let layer =
            module.weights.contains("gamma")
            ? try CrossResolutionLayer(
                fused: module.weights, channels: channels, heads: heads, hidden: hidden)
            : try CrossResolutionLayer(
                aligned: module.weights, channels: channels, heads: heads, hidden: hidden)
        let positions = try module.tokens("pos", shape: shallow.shape)
        func output(_ mask: Tensor<Bool>?) -> Tensor<Float> {
            layer(deep: deep, shallow: shallow, positions: positions, keyPaddingMask: mask)
                .batchedTokens
        }
        return [
            "y": output(try module.keyPaddingMask(keys: shallow.shape[0])), "y_nomask": output(nil),
        ]
    }

    private static let positionEncoding: Entry = { module in
        let mask = try module.mask("mask")
        guard mask.rank == 3 else {
            throw module.unfit("mask", mask.shape, "[frames, height, width]")
        }
        // A sine and a cosine for each wave.
        let features = try module.option("num_pos_feats")
        guard features % 2 == 0 else {
            throw VerificationError.missingOption(
                name: "num_pos_feats", path: module.referenceCase.path)
        }
        let encoding = PositionEncoding3D(features: features)
        func official(_ positions: Tensor<Float>) -> Tensor<Float> {
            positions.channelsFirst.expandedDimensions(axis: 0)
        }
        return [
            "pos": official(encoding(mask: mask)),
            "pos_nomask": official(
                encoding(frames: mask.shape[0], height: mask.shape[1], width: mask.shape[2])),
        ]
    }
}
