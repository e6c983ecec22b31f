import Checkpoints
import Layers
import Tensor

/// The beginning of a residual network: 7x7 convolution of stride 2, batch norm, ReLU, 3x3 maximum of
/// stride 2.
public struct ResNetStem: Sendable {
    private let convolution: Conv2d
    /// The convolution without the norm, which only the recorder asks for.
    private let plainConvolution: Conv2d

    /// Loads the convolution and the norm from their scopes.
    public init(convolution: WeightScope, norm: WeightScope, width: Int) throws {
        self.convolution = try Conv2d(
            convolution, inputChannels: 3, outputChannels: width, kernelSize: 7, stride: 2,
            padding: 3, bias: false, folding: BatchNorm(norm, channels: width))
        plainConvolution = try Conv2d(
            convolution, inputChannels: 3, outputChannels: width, kernelSize: 7, stride: 2,
            padding: 3, bias: false)
    }

    /// `[frames, height, width, 3]` to `[frames, height / 4, width / 4, width]`, rounded up.
    public func callAsFunction(_ frames: Tensor<Float>) -> Tensor<Float> {
        maxPool2d(convolution(frames, activation: .relu), kernelSize: 3, stride: 2, padding: 1)
    }

    /// What the convolution alone gives, before the norm.
    func convolved(_ frames: Tensor<Float>) -> Tensor<Float> {
        plainConvolution(frames)
    }
}
