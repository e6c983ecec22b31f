import Checkpoints
import Layers
import Tensor

/// EfficientNet-Lite as a backbone of four levels at strides 4, 8, 16 and 32.
///
/// Tan and Le, "EfficientNet" (2019), in the form for small devices: no squeeze and excitation, ReLU6, and
/// the padding of TensorFlow, where it was trained. Batch norms use the statistics of the checkpoint.
/// Frames do not see each other.
public struct EfficientNetLite: FrameBackbone {
    /// The network's shape.
    public let configuration: EfficientNetLiteConfiguration

    private let stem: SamePaddedConv2d
    private let stages: [[EfficientNetLiteBlock]]

    /// What the batch norms add to the variance.
    static let epsilon: Float = 1e-3

    /// Loads `_conv_stem`, `_bn0` and `_blocks.0` ...; the classifier (`_conv_head`, `_bn1`, `_fc`) is
    /// ignored.
    public init(_ configuration: EfficientNetLiteConfiguration, weights: WeightScope) throws {
        self.configuration = configuration
        for part in ["_conv_head", "_bn1", "_fc"] { weights.ignoreAll(below: part) }
        stem = try SamePaddedConv2d(
            weights["_conv_stem"], inputChannels: 3, outputChannels: configuration.stemChannels,
            kernelSize: 3, stride: 2,
            folding: BatchNorm(
                weights["_bn0"], channels: configuration.stemChannels, epsilon: Self.epsilon))
        var channels = configuration.stemChannels
        var index = 0
        stages = try configuration.stages.map { stage in
            try (0..<stage.blocks).map { block in
                defer {
                    channels = stage.channels
                    index += 1
                }
                return try EfficientNetLiteBlock(
                    weights["_blocks", index], inputChannels: channels, stage: stage,
                    stride: block == 0 ? stage.stride : 1)
            }
        }
    }

    /// The channels of each level.
    public var levelChannels: [Int] { configuration.levelChannels }

    /// The levels of `frames`, `[frames, height, width, 3]`, from `firstLevel` on, fine to coarse.
    ///
    /// The recorder is offered `backbone.stem` and `backbone.stage0` ..., `[frames, channels, height,
    /// width]`.
    public func callAsFunction(
        _ frames: Tensor<Float>, firstLevel: Int, recorder: Recorder?
    ) -> [Tensor<Float>] {
        var x = stem(frames, activation: .relu6)
        recorder?.record("backbone.stem") { x.transposed(0, 3, 1, 2) }
        let wanted = configuration.levelStages[firstLevel...]
        return stages.enumerated().compactMap { index, blocks in
            for block in blocks { x = block(x) }
            recorder?.record("backbone.stage\(index)") { x.transposed(0, 3, 1, 2) }
            return wanted.contains(index) ? x : nil
        }
    }
}
