import Checkpoints
import Tensor

/// The attention of each frame's query over that frame's finest map: weights without values, one
/// channel a head.
///
/// `MHAttentionMap` in `avos/models/mh_attention_map.py` and `medvtmm_swin_of.py`. The keys are a linear
/// function of the map, so the query is carried through that function's transpose instead: one product
/// with `heads` columns in place of one with as many as there are channels.
struct QueryAttentionMap: Sendable {
    private let queryWeight: Tensor<Float>
    private let queryBias: Tensor<Float>
    private let keyWeight: Tensor<Float>
    private let keyBias: Tensor<Float>
    private let heads: Int
    private let softmaxAxes: MEDVTConfiguration.AttentionMapSoftmax

    init(
        _ weights: WeightScope, channels: Int, heads: Int,
        softmax: MEDVTConfiguration.AttentionMapSoftmax
    ) throws {
        func linear(_ name: String) throws -> (Tensor<Float>, Tensor<Float>) {
            (
                try weights[name].tensor("weight", shape: [channels, channels]),
                try weights[name].tensor("bias", shape: [channels])
            )
        }
        (queryWeight, queryBias) = try linear("q_linear")
        (keyWeight, keyBias) = try linear("k_linear")
        self.heads = heads
        softmaxAxes = softmax
    }

    /// The weights of `query`, `[channels]`, over `map`, `[height, width, channels]`:
    /// `[height, width, heads]`.
    ///
    /// - Parameter paddingMask: `[height, width]`, true where a pixel gets no weight.
    func callAsFunction(
        query: Tensor<Float>, map: Tensor<Float>, paddingMask: Tensor<Bool>?
    ) -> Tensor<Float> {
        let (height, width, channels) = (map.shape[0], map.shape[1], map.shape[2])
        let headWidth = channels / heads
        let scale = 1 / Float(headWidth).squareRoot()
        let projected =
            (matmul(queryWeight, query.reshaped(channels, 1)).reshaped(channels) + queryBias)
            * scale
        // For each head h: score = map . (Wk_h^T q_h) + b_h . q_h
        let headQueries = projected.reshaped(heads, 1, headWidth)
        let directions = matmul(headQueries, keyWeight.reshaped(heads, headWidth, channels))
        let offsets = (headQueries.squeezed(axis: 1) * keyBias.reshaped(heads, headWidth))
            .sum(axis: 1)
        var scores =
            matmul(
                map.reshaped(height * width, channels),
                directions.reshaped(heads, channels).transposed(1, 0)) + offsets
        if let paddingMask { scores += Self.penalties(paddingMask) }
        switch softmaxAxes {
        case .heads:
            scores = softmax(scores, axis: 1)
        case .headsAndSpace:
            scores = softmax(scores.reshaped(1, height * width * heads), axis: 1)
        }
        return scores.reshaped(height, width, heads)
    }

    /// `[pixels, 1]`: minus infinity where a pixel is padding, else 0.
    private static func penalties(_ paddingMask: Tensor<Bool>) -> Tensor<Float> {
        Tensor(paddingMask.scalars.map { $0 ? -Float.infinity : 0 }, shape: [paddingMask.count, 1])
    }
}
