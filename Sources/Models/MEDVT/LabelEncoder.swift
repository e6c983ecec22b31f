import Checkpoints
import Layers
import Tensor

/// Encodes a frame's logits into 16 channels at a sixteenth of their size.
///
/// `LabelEncoder` in `avos/models/label_propagation.py`; its second output, `samp_w_pred`, is not used.
struct LabelEncoder: Sendable {
    /// Channels of an encoded label.
    static let channels = 16

    private let stem: Conv2d
    private let blocks: [ResidualBlock]
    private let output: Conv2d

    init(_ weights: WeightScope, classes: Int) throws {
        stem = try Conv2d(
            weights["conv_block", 0], inputChannels: classes, outputChannels: 16, kernelSize: 3,
            stride: 2, padding: 1)
        blocks = [
            try ResidualBlock(
                weights["res1_tm"], inputChannels: 16, outputChannels: 32, normalized: false),
            try ResidualBlock(
                weights["res2_tm"], inputChannels: 32, outputChannels: 64, normalized: true),
        ]
        output = try Conv2d(
            weights["label_pred_tm", 0], inputChannels: 64, outputChannels: Self.channels,
            kernelSize: 3, padding: 1)
        weights.ignoreAll(below: "samp_w_pred")
    }

    /// The encoded labels, `[frames, height/16, width/16, 16]`, of `logits`,
    /// `[frames, height, width, classes]`.
    func callAsFunction(_ logits: Tensor<Float>) -> Tensor<Float> {
        var x = maxPool2d(stem(logits, activation: .relu), kernelSize: 3, stride: 2, padding: 1)
        for block in blocks { x = block(x) }
        return output(x, activation: .relu)
    }

    /// The size of the encoded labels of logits with `length` rows or columns.
    static func encodedLength(_ length: Int) -> Int {
        (0..<4).reduce(length) { length, _ in (length + 1) / 2 }
    }
}

extension LabelEncoder {
    /// Two 3x3 convolutions, the first of stride 2, and a shortcut of stride 2.
    private struct ResidualBlock: Sendable {
        private let first: Conv2d
        private let second: Conv2d
        private let shortcut: Conv2d

        init(
            _ weights: WeightScope, inputChannels: Int, outputChannels: Int, normalized: Bool
        ) throws {
            func convolution(_ name: String, from channels: Int, norm: String, stride: Int) throws
                -> Conv2d
            {
                if normalized {
                    return try Conv2d(
                        weights[name], inputChannels: channels, outputChannels: outputChannels,
                        kernelSize: 3, stride: stride, padding: 1, bias: false,
                        folding: BatchNorm(weights[norm], channels: outputChannels))
                }
                return try Conv2d(
                    weights[name], inputChannels: channels, outputChannels: outputChannels,
                    kernelSize: 3, stride: stride, padding: 1, bias: false)
            }
            first = try convolution("conv1", from: inputChannels, norm: "bn1", stride: 2)
            second = try convolution("conv2", from: outputChannels, norm: "bn2", stride: 1)
            shortcut = try Conv2d(
                weights["downsample"], inputChannels: inputChannels,
                outputChannels: outputChannels, kernelSize: 3, stride: 2, padding: 1)
            weights.ignoreAll(named: "num_batches_tracked")
        }

        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            second(first(x, activation: .relu), residual: shortcut(x), activation: .relu)
        }
    }
}
