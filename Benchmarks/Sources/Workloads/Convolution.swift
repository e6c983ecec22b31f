import Tensor

/// A convolution over images, or over a clip where `isOverFrames`, that keeps the size but for its stride.
package struct Convolution: Operation {
    /// Frames, height and width.
    var size: [Int]
    let inputs: Int
    package let outputs: Int
    /// Along height and width, and along the frames where `isOverFrames`.
    let kernel: Int
    package var stride = 1
    package var dilation = 1
    package var groups = 1
    package var isOverFrames = false

    package var padding: Int { dilation * (kernel - 1) / 2 }

    package var input: Operand { Operand("x", size + [inputs]) }

    package var weight: Operand {
        let taps = Array(repeating: kernel, count: isOverFrames ? 3 : 2)
        return Operand("weight", [outputs, inputs / groups] + taps)
    }

    package var outputShape: [Int] {
        [size[0], (size[1] - 1) / stride + 1, (size[2] - 1) / stride + 1, outputs]
    }

    package var operands: [Operand] { [input, weight, Operand("bias", [outputs])] }

    package var products: Int {
        outputShape.reduce(1, *) * weight.shape[1...].reduce(1, *)
    }

    package var cost: Cost { .products(products) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (x, bias) = (try operands["x"], try operands["bias"])
        let weight = PackedConvolution(
            try operands["weight"], groups: groups, onlyStride1: stride == 1)
        return { [applied(to: x, weight, bias: bias)] }
    }

    func applied(
        to x: Tensor<Float>, _ weight: PackedConvolution, bias: Tensor<Float>? = nil
    ) -> Tensor<Float> {
        isOverFrames
            ? conv3d(
                x, weight, bias: bias, padding: (padding, padding, padding), dilation: dilation)
            : conv2d(
                x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation)
    }

    package var reduced: Self {
        var copy = self
        copy.size = [isOverFrames ? min(size[0], 3) : 2, min(size[1], 7), min(size[2], 8)]
        return copy
    }
}
