import Checkpoints
import Tensor

/// The transformer encoder over the two deepest levels: layers on the deepest, a layer from it to the
/// next, layers on that.
///
/// Paper section 3.2; `TransformerEncoder` in `avos/models/medvt_swin.py` and `medvt_resnet.py`.
struct PyramidEncoder: Sendable {
    /// The tokens of one level.
    struct Stage {
        /// `[frames, height, width, channels]`.
        let map: Tensor<Float>
        let level: PyramidLevel
        /// `[tokens, channels]`.
        let positions: Tensor<Float>
    }

    private let stages: [[EncoderLayer]]
    private let crossLayer: CrossResolutionLayer?
    private let names: MEDVTRecordNames

    init(_ scopes: MEDVTScopes, _ configuration: MEDVTConfiguration) throws {
        let channels = configuration.hiddenDimension
        let isSwin = configuration.backbone.isSwin
        let cross = configuration.crossLayer
        let deepLayers = try scopes.encoderLayers[0].map {
            try EncoderLayer(
                $0, channels: channels, heads: configuration.heads,
                hidden: configuration.feedForwardDimension, normalized: true)
        }
        let shallowLayers = try scopes.encoderLayers[1].map {
            try EncoderLayer(
                $0, channels: channels, heads: isSwin ? 1 : configuration.heads,
                hidden: isSwin ? channels : configuration.feedForwardDimension / 2,
                normalized: !isSwin)
        }
        stages = [deepLayers, shallowLayers]
        if !configuration.encoderCrossLayer {
            crossLayer = nil
        } else if isSwin {
            crossLayer = try CrossResolutionLayer(
                fused: scopes.crossLayer, channels: channels, heads: cross.heads,
                hidden: cross.hidden)
        } else {
            crossLayer = try CrossResolutionLayer(
                aligned: scopes.crossLayer, channels: channels, heads: cross.heads,
                hidden: cross.hidden)
        }
        names = MEDVTRecordNames(configuration: configuration)
    }

    /// The maps of both levels after their layers.
    func callAsFunction(
        deep: Stage, shallow: Stage, recorder: Recorder?
    ) -> (deep: Tensor<Float>, shallow: Tensor<Float>) {
        let deepTokens = run(0, deep.map.tokens, deep, recorder)
        let deepMap = deepTokens.reshaped(deep.map.shape)
        var shallowTokens = shallow.map.tokens
        if let crossLayer {
            shallowTokens = crossLayer(
                deep: resizedBilinear(
                    deepMap, height: shallow.level.height, width: shallow.level.width
                ).tokens,
                shallow: shallowTokens, positions: shallow.positions,
                keyPaddingMask: shallow.level.keyPaddingMask)
            recorder?.record("encoder.cross") { shallowTokens.batchedTokens }
        }
        shallowTokens = run(1, shallowTokens, shallow, recorder)
        return (deepMap, shallowTokens.reshaped(shallow.map.shape))
    }

    private func run(
        _ stage: Int, _ tokens: Tensor<Float>, _ place: Stage, _ recorder: Recorder?
    ) -> Tensor<Float> {
        var tokens = tokens
        for (index, layer) in stages[stage].enumerated() {
            tokens = layer(
                tokens, positions: place.positions, keyPaddingMask: place.level.keyPaddingMask)
            recorder?.record(names.encoderLayer(stage: stage, index: index)) {
                tokens.batchedTokens
            }
        }
        return tokens
    }
}

extension Tensor {
    /// `[frames, height, width, channels]` as `[tokens, channels]`.
    var tokens: Tensor { reshaped(-1, shape[rank - 1]) }
}
