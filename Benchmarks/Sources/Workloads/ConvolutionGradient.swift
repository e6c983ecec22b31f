import Gradients
import Tensor

/// The way back through a convolution: the gradients of its weight and, unless that is the image
/// itself, of its input. The way there is not timed.
package struct ConvolutionGradient: Operation {
    package private(set) var convolution: Convolution
    package var isOfImage = false

    package var operands: [Operand] {
        [
            convolution.input, convolution.weight,
            Operand("gradient", convolution.outputShape),
        ]
    }

    package var cost: Cost { .products((isOfImage ? 1 : 2) * convolution.products) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (image, gradient) = (try operands["x"], try operands["gradient"])
        let x = isOfImage ? image : image.asParameter()
        let weight = try operands["weight"].asParameter()
        let result = convolution.applied(
            to: x, PackedConvolution(weight, groups: convolution.groups))
        let sources = isOfImage ? [weight] : [x, weight]
        return { gradients(of: result, weightedBy: gradient, withRespectTo: sources) }
    }

    package var reduced: Self {
        var copy = self
        copy.convolution = convolution.reduced
        return copy
    }

    init(of convolution: Convolution, isOfImage: Bool = false) {
        self.convolution = convolution
        self.isOfImage = isOfImage
    }
}
