import Kernels
import Tensor

/// The gradients of a convolution over images or clips.
///
/// - Parameters:
///   - x: `[frames, height, width, channels]`.
///   - weight: as in checkpoints, `[outputs, channels / groups, (frames,) height, width]`.
///   - gradient: of the convolution's result, before bias, residual and activation.
///   - wantsX: whether the gradient of `x` is asked for; `wantsWeight` likewise.
/// - Returns: gradients in the shapes of `x` and `weight`; nil where not asked for.
package func convolutionGradients(
    x: Tensor<Float>, weight: Tensor<Float>, gradient: Tensor<Float>, stride: Extent,
    padding: Extent, trailingPadding: Extent? = nil, dilation: Extent, groups: Int, wantsX: Bool,
    wantsWeight: Bool
) -> (x: Tensor<Float>?, weight: Tensor<Float>?) {
    let convolution = DifferentiatedConvolution(
        x: x, weight: weight, gradient: gradient, stride: stride, padding: padding,
        trailingPadding: trailingPadding, dilation: dilation, groups: groups)
    return (
        wantsX ? convolution.inputGradient : nil, wantsWeight ? convolution.weightGradient : nil
    )
}

/// A convolution that was computed, and the gradient of its result.
struct DifferentiatedConvolution {
    let x: Tensor<Float>
    /// `[outputs, channels / groups, frames, height, width]`.
    let weight: Tensor<Float>
    let gradient: Tensor<Float>
    let groups: Int
    let geometry: ConvolutionGeometry
    /// The shape that the weight came in.
    let weightShape: [Int]

    init(
        x: Tensor<Float>, weight: Tensor<Float>, gradient: Tensor<Float>, stride: Extent,
        padding: Extent, trailingPadding: Extent?, dilation: Extent, groups: Int
    ) {
        precondition(
            x.rank == 4 && (weight.rank == 4 || weight.rank == 5) && groups > 0
                && weight.shape[0] % groups == 0 && weight.shape[1] * groups == x.shape[3],
            "convolutionGradients: weight \(weight.shape) in \(groups) groups does not fit x \(x.shape)"
        )
        self.x = x
        self.weight = weight.rank == 4 ? weight.expandedDimensions(axis: 2) : weight
        self.gradient = gradient
        self.groups = groups
        weightShape = weight.shape
        let kernel = self.weight.shape
        geometry = ConvolutionGeometry(
            input: Extent(frames: x.shape[0], height: x.shape[1], width: x.shape[2]),
            channels: x.shape[3],
            kernel: Extent(frames: kernel[2], height: kernel[3], width: kernel[4]),
            stride: stride, padding: padding, trailingPadding: trailingPadding, dilation: dilation)
        let output = geometry.output
        precondition(
            gradient.shape == [output.frames, output.height, output.width, kernel[0]],
            "convolutionGradients: gradient \(gradient.shape) is not that of x \(x.shape) and weight \(weightShape)"
        )
    }

    var outputs: Int { weight.shape[0] }

    /// Channels that each output sees.
    var channels: Int { weight.shape[1] }

    /// Whether each channel has a kernel of its own.
    var isDepthwise: Bool { groups > 1 && channels == 1 && outputs == groups }
}
