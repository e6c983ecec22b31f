import Checkpoints
import Layers
import Tensor

/// A bottleneck block: 1x1, 3x3, 1x1 convolution around a shortcut, batch norms folded into the weights.
///
/// He et al., "Deep Residual Learning" (2016), with the stride on the 3x3 convolution as in torchvision;
/// with groups, the block of Xie et al., "Aggregated Residual Transformations" (2017).
public struct ResNetBottleneck: Sendable {
    /// How many times the planes are the channels that come out.
    public static let expansion = 4

    private let reduce: Conv2d
    private let spatial: Conv2d
    private let expand: Conv2d
    private let shortcut: Conv2d?

    /// Loads `conv1` ... `conv3`, `bn1` ... `bn3` and, where the shape changes, `downsample`.
    ///
    /// - Parameters:
    ///   - planes: a quarter of the channels that come out.
    ///   - groups: of the 3x3 convolution.
    ///   - widthPerGroup: inner channels of a group where `planes` is 64; they grow with `planes`.
    public init(
        _ weights: WeightScope, inputChannels: Int, planes: Int, groups: Int = 1,
        widthPerGroup: Int = 64, stride: Int = 1, dilation: Int = 1, projectsShortcut: Bool
    ) throws {
        let width = planes * widthPerGroup / 64 * groups
        let outputs = planes * Self.expansion
        reduce = try Conv2d(
            weights["conv1"], inputChannels: inputChannels, outputChannels: width, kernelSize: 1,
            bias: false, folding: BatchNorm(weights["bn1"], channels: width))
        spatial = try Conv2d(
            weights["conv2"], inputChannels: width, outputChannels: width, kernelSize: 3,
            stride: stride, padding: dilation, dilation: dilation, groups: groups, bias: false,
            folding: BatchNorm(weights["bn2"], channels: width))
        expand = try Conv2d(
            weights["conv3"], inputChannels: width, outputChannels: outputs, kernelSize: 1,
            bias: false, folding: BatchNorm(weights["bn3"], channels: outputs))
        guard projectsShortcut else {
            shortcut = nil
            return
        }
        shortcut = try Conv2d(
            weights["downsample", 0], inputChannels: inputChannels, outputChannels: outputs,
            kernelSize: 1, stride: stride, bias: false,
            folding: BatchNorm(weights["downsample", 1], channels: outputs))
    }

    /// `[frames, height, width, inputChannels]` to `[frames, height / stride, width / stride, outputs]`.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let inner = spatial(reduce(x, activation: .relu), activation: .relu)
        return expand(inner, residual: shortcut?(x) ?? x, activation: .relu)
    }
}
