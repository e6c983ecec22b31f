import Checkpoints
import Layers
import Tensor

/// A feature pyramid network: from the encoder's levels to the features of which masks are made.
///
/// `MaskHeadSmallConv` in `models/segmentation_condInst.py`. Its `dcn` is a plain convolution there.
struct MaskFeatures: Sendable {
    /// The channels of the result.
    static let channels = 8

    private let coarse: Conv2d
    private let middle: Conv2d
    private let fine: Conv2d
    private let narrowing: [Conv2d]

    init(_ weights: WeightScope, channels: Int) throws {
        func convolution(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Conv2d {
            try Conv2d(
                weights[name], inputChannels: inputs, outputChannels: outputs, kernelSize: 3,
                padding: 1)
        }
        coarse = try convolution("lay3", channels, channels)
        middle = try convolution("lay4", channels, channels)
        fine = try convolution("dcn", channels, channels)
        narrowing = [
            try convolution("lay1", channels, channels / 4),
            try convolution("lay2", channels / 4, Self.channels),
        ]
    }

    /// The features of `maps`, the three finest levels, fine to coarse, each
    /// `[frames, height, width, channels]`: `[frames, height, width, 8]` of the finest.
    func callAsFunction(_ maps: [Tensor<Float>]) -> Tensor<Float> {
        var x = coarse(maps[2], activation: .relu)
        x = middle(enlarged(x, on: maps[1]), activation: .relu)
        x = fine(enlarged(x, on: maps[0]), activation: .relu)
        return narrowing.reduce(x) { $1($0, activation: .relu) }
    }

    private func enlarged(_ x: Tensor<Float>, on map: Tensor<Float>) -> Tensor<Float> {
        var sum = resizedNearest(x, height: map.shape[1], width: map.shape[2])
        sum += map
        return sum
    }
}
