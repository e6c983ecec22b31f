import Checkpoints
import Layers
import Tensor

/// An inverted residual block: widened by a 1x1 convolution, filtered channel by channel, narrowed by
/// another; a shortcut where the shape stays.
///
/// Sandler et al., "MobileNetV2" (2018), with the names of EfficientNet's PyTorch code.
struct EfficientNetLiteBlock: Sendable {
    private let expand: Conv2d?
    private let depthwise: SamePaddedConv2d
    private let project: Conv2d
    private let hasShortcut: Bool

    /// Loads `_expand_conv` (where the block widens), `_depthwise_conv`, `_project_conv` and their norms
    /// `_bn0` ... `_bn2`.
    init(
        _ weights: WeightScope, inputChannels: Int, stage: EfficientNetLiteConfiguration.Stage,
        stride: Int
    ) throws {
        let width = inputChannels * stage.expansion
        func norm(_ name: String, _ channels: Int) throws -> BatchNorm {
            try BatchNorm(
                weights[name], channels: channels, epsilon: EfficientNetLite.epsilon)
        }
        expand =
            stage.expansion == 1
            ? nil
            : try Conv2d(
                weights["_expand_conv"], inputChannels: inputChannels, outputChannels: width,
                kernelSize: 1, bias: false, folding: norm("_bn0", width))
        depthwise = try SamePaddedConv2d(
            weights["_depthwise_conv"], inputChannels: width, outputChannels: width,
            kernelSize: stage.kernelSize, stride: stride, groups: width,
            folding: norm("_bn1", width))
        project = try Conv2d(
            weights["_project_conv"], inputChannels: width, outputChannels: stage.channels,
            kernelSize: 1, bias: false, folding: norm("_bn2", stage.channels))
        hasShortcut = stride == 1 && inputChannels == stage.channels
    }

    /// `[frames, height, width, inputs]` to `[frames, height / stride, width / stride, outputs]`, rounded
    /// up.
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let inner = depthwise(expand?(x, activation: .relu6) ?? x, activation: .relu6)
        return project(inner, residual: hasShortcut ? x : nil)
    }
}
