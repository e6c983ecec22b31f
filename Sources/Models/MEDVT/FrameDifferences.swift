import Checkpoints
import Layers
import Tensor

/// What differs between the frames of a clip, for each level of the backbone: once the camera's motion is taken out, what
/// moves by itself.
///
/// Not of the paper, whose model has to find motion in the attention between frames. A small model that learns from
/// few videos does not find it, and goes by looks alone.
///
/// From fine to coarse, each level's difference from its ``AlignedMean`` joins what the finer one found, so that
/// coarse levels know where in their wide view something moved. Weights `input.0` to `input.3` (1x1), `down.0` to
/// `down.2` (3x3, stride 2), `output.0` to `output.3` (1x1). A fresh model's outputs are 0.
struct FrameDifferences: Sendable {
    /// The channels in which the levels are worked on, fine to coarse.
    private static let channels = [32, 48, 64, 96]

    private let inputs: [Conv2d]
    private let downs: [Conv2d]
    private let outputs: [Conv2d]

    /// - Parameters:
    ///   - levelChannels: the backbone's, each level half as large as the one before.
    ///   - outputChannels: of the maps that the results are added to.
    init(_ weights: WeightScope, levelChannels: [Int], outputChannels: Int) throws {
        let channels = Self.channels
        inputs = try channels.indices.map { level in
            try Conv2d(
                weights["input", level], inputChannels: levelChannels[level],
                outputChannels: channels[level], kernelSize: 1)
        }
        downs = try (1..<channels.count).map { level in
            try Conv2d(
                weights["down", level - 1], inputChannels: channels[level - 1],
                outputChannels: channels[level], kernelSize: 3, stride: 2, padding: 1, bias: false)
        }
        outputs = try channels.indices.map { level in
            try Conv2d(
                weights["output", level], inputChannels: channels[level],
                outputChannels: outputChannels, kernelSize: 1, bias: false)
        }
    }

    /// - Parameters:
    ///   - maps: the backbone's levels, fine to coarse, `[frames, height, width, channels]`.
    ///   - motion: the camera's.
    /// - Returns: what is added to each projected level, `[frames, height, width, outputChannels]`.
    func callAsFunction(_ maps: [Tensor<Float>], _ motion: CameraMotion) -> [Tensor<Float>] {
        var found: Tensor<Float>?
        return maps.enumerated().map { level, map in
            let mean = AlignedMean(
                motion, frames: map.shape[0], height: map.shape[1], width: map.shape[2])
            let difference = map - mean(map)
            let finer = found.map { downs[level - 1]($0) }
            let own = inputs[level](difference, residual: finer, activation: .relu)
            found = own
            return outputs[level](own)
        }
    }
}
