import Kernels
import Tensor

extension DifferentiatedConvolution {
    /// The gradient of the weight: the result's gradient times the patches, summed over all pixels.
    var weightGradient: Tensor<Float> {
        let kernel = weight.shape[2...]
        if isDepthwise {
            return depthwiseWeightGradient.transposed(1, 0).reshaped(weightShape)
        }
        return tapGradients.reshaped([outputs] + kernel + [channels])
            .transposed(0, 4, 1, 2, 3).reshaped(weightShape)
    }

    /// `[outputs, taps, channels]`.
    private var tapGradients: Tensor<Float> {
        let columns = geometry.kernel.count * channels
        let groupOutputs = outputs / groups
        return Tensor(shape: [outputs, geometry.kernel.count, channels]) { result in
            x.withUnsafeBuffer { input in
                gradient.withUnsafeBuffer { gradient in
                    guard let input = input.baseAddress, let gradient = gradient.baseAddress,
                        let result = result.baseAddress
                    else { return }
                    for group in 0..<groups {
                        groupGradient(
                            input + group * channels, gradient + group * groupOutputs,
                            outputs: groupOutputs,
                            into: result + group * groupOutputs * columns)
                    }
                }
            }
        }
    }

    private func groupGradient(
        _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, outputs groupOutputs: Int,
        into result: UnsafeMutablePointer<Float>
    ) {
        if geometry.isPointwise {
            pointwiseWeightGradient(
                pixels: geometry.output.count, input, strideX: geometry.channels,
                channels: channels, gradient: gradient, strideG: outputs, outputs: groupOutputs,
                into: result)
        } else {
            convolutionWeightGradient(
                ConvolutionPatches(input, geometry, channels: channels), gradient: gradient,
                strideG: outputs, outputs: groupOutputs, into: result)
        }
    }

    /// `[taps, channels]`.
    private var depthwiseWeightGradient: Tensor<Float> {
        Tensor(shape: [geometry.kernel.count, outputs]) { result in
            x.withUnsafeBuffer { input in
                gradient.withUnsafeBuffer { gradient in
                    guard let input = input.baseAddress, let gradient = gradient.baseAddress,
                        let result = result.baseAddress
                    else { return }
                    Kernels.depthwiseWeightGradient(
                        input, gradient: gradient, geometry, into: result)
                }
            }
        }
    }
}
