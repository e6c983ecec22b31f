import Gradients
import Tensor

extension Workload {
    /// Gradients of input and weight together on the shapes of MED-VT Lite, 4 frames of 384x224: what comes
    /// after the forward pass.
    static var training: [Workload] {
        [
            backward(
                "backward-lite-stem-3x3", 224, 384, 3, 32, kernel: 3, stride: 2, isFirst: true),
            backward("backward-lite-expand-1x1", 112, 192, 16, 96, kernel: 1),
            backward("backward-lite-project-1x1", 14, 24, 672, 112, kernel: 1),
            backward("backward-lite-depthwise-3x3", 56, 96, 144, 144, kernel: 3, groups: 144),
            backward(
                "backward-lite-depthwise-3x3-stride2", 112, 192, 96, 96, kernel: 3, stride: 2,
                groups: 96),
            backward("backward-lite-depthwise-5x5", 14, 24, 672, 672, kernel: 5, groups: 672),
            backward("backward-lite-pixel-decoder-3x3", 28, 48, 96, 96, kernel: 3),
            backward("backward-lite-head-3x3", 56, 96, 100, 64, kernel: 3),
            backward3D("backward-lite-head-3x3x3-dilation2", 56, 96, 64, 48),
            deformableBackward("backward-lite-deformable", 56, 96, 96),
        ]
    }

    /// `isFirst`: of a convolution of the image itself, whose gradient nobody asks for.
    private static func backward(
        _ name: String, _ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int, kernel: Int,
        stride: Int = 1, groups: Int = 1, isFirst: Bool = false
    ) -> Workload {
        let pixels = 4 * ((height - 1) / stride + 1) * ((width - 1) / stride + 1)
        let products = Double(pixels * kernel * kernel * inputs / groups * outputs)
        return Workload(name, .operations((isFirst ? 2 : 4) * products)) {
            let image = Tensor.noise([4, height, width, inputs])
            let x = isFirst ? image : image.asParameter()
            let weight = Tensor.noise([outputs, inputs / groups, kernel, kernel]).asParameter()
            let result = conv2d(
                x, PackedConvolution(weight, groups: groups), stride: stride, padding: kernel / 2)
            return walk(from: result, to: isFirst ? [weight] : [x, weight])
        }
    }

    private static func backward3D(
        _ name: String, _ height: Int, _ width: Int, _ inputs: Int, _ outputs: Int
    ) -> Workload {
        let products = Double(4 * height * width * 27 * inputs * outputs)
        return Workload(name, .operations(4 * products)) {
            let x = Tensor.noise([4, height, width, inputs]).asParameter()
            let weight = Tensor.noise([outputs, inputs, 3, 3, 3]).asParameter()
            let result = conv3d(x, PackedConvolution(weight), padding: (2, 2, 2), dilation: 2)
            return walk(from: result, to: [x, weight])
        }
    }

    private static func deformableBackward(
        _ name: String, _ height: Int, _ width: Int, _ channels: Int
    ) -> Workload {
        let products = Double(4 * height * width * 9 * channels * channels)
        return Workload(name, .operations(4 * products)) {
            let x = Tensor.noise([4, height, width, channels]).asParameter()
            let offsets = (Tensor.noise([4, height, width, 18]) * 2).asParameter()
            let weight = Tensor.noise([channels, channels, 3, 3]).asParameter()
            let result = deformConv2d(x, offsets: offsets, PackedConvolution(weight), padding: 1)
            return walk(from: result, to: [x, offsets, weight])
        }
    }

    /// The way back alone: the way there was gone before.
    private static func walk(
        from result: Tensor<Float>, to parameters: [Tensor<Float>]
    ) -> () -> Void {
        let weights = Tensor.noise(result.shape)
        return { _ = gradients(of: result, weightedBy: weights, withRespectTo: parameters) }
    }
}
