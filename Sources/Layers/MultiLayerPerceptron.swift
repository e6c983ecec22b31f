import Checkpoints
import Tensor

/// Linear layers with ReLU between them; the heads of DETR models.
public struct MultiLayerPerceptron: Sendable {
    private let layers: [Linear]

    /// Takes `layers.0`, `layers.1` ... of the widths `channels[0]`, `channels[1]` ...
    public init(_ weights: WeightScope, channels: [Int]) throws {
        precondition(
            channels.count > 1, "MultiLayerPerceptron: \(channels) are the widths of no layer")
        layers = try zip(channels, channels.dropFirst()).enumerated().map { index, widths in
            try Linear(weights["layers", index], inputs: widths.0, outputs: widths.1)
        }
    }

    /// `[..., inputs]` to `[..., outputs]`.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        layers.enumerated().reduce(x) { x, layer in
            layer.element(x, activation: layer.offset < layers.count - 1 ? .relu : .none)
        }
    }
}
