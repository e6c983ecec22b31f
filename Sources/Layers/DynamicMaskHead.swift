import Kernels
import Tensor

/// Mask logits by a small network of each instance's own (Tian et al. 2020, CondInst, section 3.2):
/// three 1x1 convolutions over eight features and the pixel's offset from the instance.
///
/// `dynamic_mask_with_coords` in SeqFormer's `models/segmentation_condInst.py`.
public struct DynamicMaskHead: Sendable {
    /// The channels of the features.
    public static let featureChannels = 8

    /// The weights and biases of one instance: weights `[8, 10]`, `[8, 8]`, `[1, 8]` (outputs, inputs; the
    /// first two inputs are the offset along x and y), then biases 8, 8, 1.
    public static let parameterCount = Kernels.DynamicMaskHead.parameterCount

    /// How many pixels of the image a pixel of the features spans.
    public let stride: Int

    /// A head over features at `stride`.
    public init(stride: Int = 8) { self.stride = stride }

    /// The logits of every instance in a frame, `[instances, height, width]`.
    ///
    /// - Parameters:
    ///   - features: `[height, width, 8]`.
    ///   - parameters: `[instances, 169]`.
    ///   - references: `[instances, 2]`: where each lies, x and y in pixels of the image.
    public func callAsFunction(
        _ features: Tensor<Float>, parameters: Tensor<Float>, references: Tensor<Float>
    ) -> Tensor<Float> {
        let instances = parameters.shape[0]
        precondition(
            features.rank == 3 && features.shape[2] == Self.featureChannels
                && parameters.shape == [instances, Self.parameterCount]
                && references.shape == [instances, 2],
            "DynamicMaskHead: features \(features.shape), parameters \(parameters.shape), "
                + "references \(references.shape)")
        requireUntraced("DynamicMaskHead", features, parameters, references)
        let (height, width) = (features.shape[0], features.shape[1])
        let (parameters, points) = (parameters.contiguous(), references.scalars)
        return Tensor(shape: [instances, height, width]) { [stride] logits in
            guard let logits = logits.baseAddress, height * width > 0 else { return }
            features.withUnsafeBuffer { features in
                parameters.withUnsafeBuffer { parameters in
                    guard let features = features.baseAddress,
                        let parameters = parameters.baseAddress
                    else { return }
                    ThreadPool.shared.run(instances) { instance in
                        Kernels.DynamicMaskHead(parameters + instance * Self.parameterCount)(
                            features, height: height, width: width, stride: stride,
                            referenceX: points[2 * instance],
                            referenceY: points[2 * instance + 1],
                            into: logits + instance * height * width)
                    }
                }
            }
        }
    }
}
