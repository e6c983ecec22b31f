import Checkpoints
import Layers
import Tensor

/// Attention by the cosine of keys, which queries share, at a fixed temperature.
///
/// `GraphAttention` and `MaskedGraphAttention` in `avos/models/label_propagation.py`; the masked one
/// takes its values as they are, though its checkpoint holds a projection of them.
struct PropagationAttention: Sendable {
    /// One over the temperature.
    static let sharpness: Float = 30

    private let keys: Linear
    private let values: Linear?

    /// - Parameter valueChannels: the width of projected values; `nil` where values are taken as they are.
    init(
        _ weights: WeightScope, channels: Int, keyChannels: Int, valueChannels: Int?
    ) throws {
        keys = try Linear(weights["WK"], inputs: channels, outputs: keyChannels)
        if let valueChannels {
            values = try Linear(weights["WV"], inputs: valueChannels, outputs: valueChannels)
        } else {
            values = nil
            weights.ignoreAll(below: "WV")
        }
    }

    /// What the tokens of `queries`, `[queries, channels]`, gather from `values`, one for each token of
    /// `memory`.
    ///
    /// - Parameter frameTokens: how many tokens a frame has, where a token may not look at its own frame.
    func callAsFunction(
        queries: Tensor<Float>, memory: Tensor<Float>, values labels: Tensor<Float>,
        excludingFramesOf frameTokens: Int?
    ) -> Tensor<Float> {
        cosineAttention(
            queries: normalizedKeys(queries), keys: normalizedKeys(memory),
            values: projected(labels), scale: Self.sharpness, excludingOwnGroupOf: frameTokens)
    }

    /// What the tokens of `memory`, `[tokens, channels]`, gather from each other's `values`.
    func callAsFunction(
        among memory: Tensor<Float>, values labels: Tensor<Float>,
        excludingFramesOf frameTokens: Int?
    ) -> Tensor<Float> {
        mutualAttention(
            keys: normalizedKeys(memory), values: projected(labels), scale: Self.sharpness,
            excludingOwnGroupOf: frameTokens)
    }

    private func projected(_ labels: Tensor<Float>) -> Tensor<Float> {
        values.map { $0(labels) } ?? labels
    }

    /// Keys of Euclidean length 1.
    private func normalizedKeys(_ tokens: Tensor<Float>) -> Tensor<Float> {
        let keys = keys(tokens)
        let length = sqrt((keys * keys).sum(axis: 1, keepDims: true))
        return keys / maximum(length, Tensor(repeating: 1e-12, shape: [1, 1]))
    }
}
