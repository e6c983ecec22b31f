import Checkpoints
import Layers
import Tensor

/// Moves and sizes boxes by what a layer's box queries say.
///
/// `bbox_embed` in `models/segmentation_condInst.py`, used by the decoder in
/// `models/deformable_transformer.py`.
struct BoxRefinement: Sendable {
    private let perceptron: MultiLayerPerceptron

    init(_ weights: WeightScope, channels: Int) throws {
        perceptron = try MultiLayerPerceptron(
            weights, channels: [channels, channels, channels, 4])
    }

    /// New boxes, `[..., 4]`: centre, width and height in 0...1.
    ///
    /// - Parameters:
    ///   - queries: `[..., channels]`.
    ///   - references: points `[..., 2]`, which are moved, or boxes `[..., 4]`, which are also resized.
    func callAsFunction(_ queries: Tensor<Float>, references: Tensor<Float>) -> Tensor<Float> {
        refined(delta(queries), references: references)
    }

    /// How far boxes move and grow, before the sigmoid.
    func delta(_ queries: Tensor<Float>) -> Tensor<Float> { perceptron(queries) }

    /// Boxes changed by `delta`, `[..., 4]`.
    func refined(_ delta: Tensor<Float>, references: Tensor<Float>) -> Tensor<Float> {
        let known = references.shape[references.rank - 1]
        let logits = inverseSigmoid(references)
        guard known < 4 else { return sigmoid(delta + logits) }
        let zeros = Tensor<Float>(zeros: logits.shape.dropLast() + [4 - known])
        return sigmoid(delta + concatenated([logits, zeros], axis: -1))
    }
}

/// The logits of shares in 0...1, which are kept 1e-5 from both ends.
func inverseSigmoid(_ x: Tensor<Float>) -> Tensor<Float> {
    let share = x.clipped(min: 0, max: 1)
    return log(share.clipped(min: 1e-5) / (1 - share).clipped(min: 1e-5))
}
