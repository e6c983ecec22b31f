import Kernels
import Tensor

/// The gradients of ``deformConv2d(_:offsets:_:bias:padding:)``.
///
/// - Parameters:
///   - x: `[frames, height, width, channels]`.
///   - offsets: `[frames, height, width, 2 * taps]` of the result.
///   - weight: as in checkpoints, `[outputs, channels, height, width]`.
///   - gradient: of the result.
package func deformableConvolutionGradients(
    x: Tensor<Float>, offsets: Tensor<Float>, weight: Tensor<Float>, gradient: Tensor<Float>,
    padding: Int
) -> (x: Tensor<Float>, offsets: Tensor<Float>, weight: Tensor<Float>) {
    precondition(
        x.rank == 4 && weight.rank == 4 && weight.shape[1] == x.shape[3],
        "deformableConvolutionGradients: weight \(weight.shape) does not fit x \(x.shape)")
    let (outputs, channels) = (weight.shape[0], weight.shape[1])
    let one = Extent(frames: 1, height: 1, width: 1)
    let geometry = ConvolutionGeometry(
        input: Extent(frames: x.shape[0], height: x.shape[1], width: x.shape[2]),
        channels: channels,
        kernel: Extent(frames: 1, height: weight.shape[2], width: weight.shape[3]), stride: one,
        padding: Extent(frames: 0, height: padding, width: padding), dilation: one)
    let size = [geometry.output.frames, geometry.output.height, geometry.output.width]
    let taps = geometry.kernel.count
    precondition(
        gradient.shape == size + [outputs] && offsets.shape == size + [2 * taps],
        "deformableConvolutionGradients: gradient \(gradient.shape) and offsets \(offsets.shape) are not those of x \(x.shape) and weight \(weight.shape)"
    )
    let slices = channelSlices(of: weight, frames: x.shape[0])
    var xGradient = Tensor<Float>(zeros: x.shape)
    var offsetGradient = Tensor<Float>(zeros: offsets.shape)
    let weightGradient = x.withUnsafeBuffer { x in
        offsets.withUnsafeBuffer { offsets in
            gradient.withUnsafeBuffer { gradient in
                xGradient.withUnsafeMutableBuffer { xGradient in
                    offsetGradient.withUnsafeMutableBuffer { offsetGradient in
                        Tensor<Float>(shape: [outputs, taps, channels]) { result in
                            guard let x = x.baseAddress, let offsets = offsets.baseAddress,
                                let gradient = gradient.baseAddress,
                                let xGradient = xGradient.baseAddress,
                                let offsetGradient = offsetGradient.baseAddress,
                                let result = result.baseAddress
                            else { return }
                            DeformableConvolutionGradients(
                                x, offsets: offsets, gradient: gradient, geometry
                            ).compute(
                                slices: slices, inputGradient: xGradient,
                                offsetGradient: offsetGradient)
                            convolutionWeightGradient(
                                DeformablePatches(x, offsets: offsets, geometry),
                                gradient: gradient, strideG: outputs, outputs: outputs,
                                into: result)
                        }
                    }
                }
            }
        }
    }
    return (xGradient, offsetGradient, weightGradient.transposed(0, 2, 1).reshaped(weight.shape))
}

/// The weight packed for the product that makes patches' gradients: once, or in halves of the channels
/// where frames are too few to be tasks.
private func channelSlices(of weight: Tensor<Float>, frames: Int) -> [PackedPanels] {
    let (outputs, channels) = (weight.shape[0], weight.shape[1])
    let taps = weight.shape[2] * weight.shape[3]
    let count = frames < 4 && channels >= 32 && channels % 2 == 0 ? 2 : 1
    let width = channels / count
    return (0..<count).map { slice in
        weight.sliced(axis: 1, slice * width..<(slice + 1) * width)
            .reshaped(outputs, width, taps).transposed(0, 2, 1)
            .withUnsafeBuffer { elements in
                guard let elements = elements.baseAddress else {
                    preconditionFailure(
                        "deformableConvolutionGradients: weight \(weight.shape) has no elements")
                }
                return PackedPanels(
                    weight: elements, columns: taps * width, inner: outputs, columnStride: 1,
                    innerStride: taps * width)
            }
    }
}
