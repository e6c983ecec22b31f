import Kernels
import Tensor

/// The gradient of ``maxPool2d(_:kernelSize:stride:padding:)``: each window's goes to the first of its
/// largest pixels, as in PyTorch.
///
/// - Parameters:
///   - x: `[frames, height, width, channels]`.
///   - gradient: of the result.
package func maxPool2dGradient(
    x: Tensor<Float>, gradient: Tensor<Float>, kernelSize: Int, stride: Int, padding: Int
) -> Tensor<Float> {
    let geometry = ConvolutionGeometry(
        input: Extent(frames: x.shape[0], height: x.shape[1], width: x.shape[2]),
        channels: x.shape[3], kernel: Extent(frames: 1, height: kernelSize, width: kernelSize),
        stride: Extent(frames: 1, height: stride, width: stride),
        padding: Extent(frames: 0, height: padding, width: padding),
        dilation: Extent(frames: 1, height: 1, width: 1))
    let size = geometry.output
    precondition(
        gradient.shape == [size.frames, size.height, size.width, x.shape[3]],
        "maxPool2dGradient: gradient \(gradient.shape) is not that of x \(x.shape)")
    return Tensor(shape: x.shape) { result in
        x.withUnsafeBuffer { x in
            gradient.withUnsafeBuffer { gradient in
                guard let x = x.baseAddress, let gradient = gradient.baseAddress,
                    let result = result.baseAddress
                else { return }
                maxPoolGradient(x, gradient: gradient, geometry, into: result)
            }
        }
    }
}
