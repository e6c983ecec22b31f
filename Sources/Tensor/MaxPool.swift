import Kernels

/// The maximum of each channel over square windows; padding never wins.
///
/// - Parameters:
///   - x: `[frames, height, width, channels]`.
///   - padding: at most half of `kernelSize`.
/// - Returns: `[frames, height, width, channels]`.
public func maxPool2d(_ x: Tensor<Float>, kernelSize: Int, stride: Int, padding: Int = 0)
    -> Tensor<Float>
{
    precondition(
        x.rank == 4 && kernelSize > 0 && stride > 0 && padding >= 0 && 2 * padding <= kernelSize,
        "maxPool2d: kernel \(kernelSize), stride \(stride), padding \(padding) do not fit \(x.shape)"
    )
    let geometry = ConvolutionGeometry(
        input: Extent(frames: x.shape[0], height: x.shape[1], width: x.shape[2]),
        channels: x.shape[3], kernel: Extent(frames: 1, height: kernelSize, width: kernelSize),
        stride: Extent(frames: 1, height: stride, width: stride),
        padding: Extent(frames: 0, height: padding, width: padding),
        dilation: Extent(frames: 1, height: 1, width: 1))
    let size = geometry.output
    return Tensor(shape: [size.frames, size.height, size.width, x.shape[3]]) { output in
        x.withUnsafeBuffer { input in
            guard let input = input.baseAddress, let output = output.baseAddress else { return }
            maxPool(input, geometry, into: output)
        }
    }.traced(
        from: x, as: .maxPool2d(kernelSize: kernelSize, stride: stride, padding: padding))
}
