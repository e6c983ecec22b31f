import Gradients
import Tensor

/// A deformable convolution with a kernel of 3x3 and offsets of up to two pixels.
package struct DeformableConvolution: Operation {
    /// Frames, height and width.
    var size: [Int]
    let channels: Int

    package var operands: [Operand] {
        [
            Operand("x", size + [channels]), Operand("offsets", size + [18], scale: 2),
            Operand("weight", [channels, channels, 3, 3]),
        ]
    }

    package var products: Int { size.reduce(1, *) * 9 * channels * channels }

    package var cost: Cost { .products(products) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let (x, offsets) = (try operands["x"], try operands["offsets"])
        let weight = PackedConvolution(try operands["weight"])
        return { [deformConv2d(x, offsets: offsets, weight, padding: 1)] }
    }

    package var reduced: Self {
        var copy = self
        copy.size = [2, min(size[1], 6), min(size[2], 7)]
        return copy
    }
}

/// The way back through a deformable convolution: the gradients of input, offsets and weight.
package struct DeformableConvolutionGradient: Operation {
    package private(set) var convolution: DeformableConvolution

    package var operands: [Operand] {
        convolution.operands
            + [Operand("gradient", convolution.size + [convolution.channels])]
    }

    package var cost: Cost { .products(2 * convolution.products) }

    package func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>] {
        let sources = try ["x", "offsets", "weight"].map { try operands[$0].asParameter() }
        let gradient = try operands["gradient"]
        let result = deformConv2d(
            sources[0], offsets: sources[1], PackedConvolution(sources[2]), padding: 1)
        return { gradients(of: result, weightedBy: gradient, withRespectTo: sources) }
    }

    package var reduced: Self {
        var copy = self
        copy.convolution = convolution.reduced
        return copy
    }

    init(of convolution: DeformableConvolution) { self.convolution = convolution }
}
