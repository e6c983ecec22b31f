import Tensor
import TestSupport
import Workloads

extension Convolution: Twinned {
    private var strides: [Int] { isOverFrames ? [1, 1, 1] : [1, stride, stride] }
    private var paddings: [Int] { [isOverFrames ? padding : 0, padding, padding] }
    private var dilations: [Int] { [isOverFrames ? dilation : 1, dilation, dilation] }

    /// Of rank 5.
    private func kernel(_ operands: Operands) throws -> Tensor<Float> {
        let weight = try operands["weight"]
        return isOverFrames ? weight : weight.expandedDimensions(axis: 2)
    }

    /// Four times the direct sum's bound, for Winograd's algorithm (see its own tests).
    func plainly(_ operands: Operands) throws -> [Expected] {
        let kernel = try kernel(operands)
        let terms = kernel.shape[1...].reduce(1, *)
        return [
            Expected(
                Naive.convolution(
                    try operands["x"], kernel, bias: try operands["bias"], stride: strides,
                    padding: paddings, dilation: dilations, groups: groups),
                within: 4 * toleranceOfSum(terms: terms))
        ]
    }

    /// Twice the direct sum's bound for the input's, whose sums are added up in parts.
    func gradientsPlainly(_ operands: Operands) throws -> (x: Expected, weight: Expected) {
        let (x, kernel) = (try operands["x"], try kernel(operands))
        let gradient = try operands["gradient"]
        let expected = Naive.convolutionGradients(
            x: x, weight: kernel, gradient: gradient, stride: strides, padding: paddings,
            dilation: dilations, groups: groups)
        let terms = outputs / groups * kernel.shape[2...].reduce(1, *)
        let pixels = gradient.count / outputs
        return (
            Expected(expected.x, within: 2 * Double(toleranceOfSum(terms: terms))),
            Expected(expected.weight, within: Double(toleranceOfSum(terms: pixels)))
        )
    }
}

extension ConvolutionGradient: Twinned {
    func plainly(_ operands: Operands) throws -> [Expected] {
        let (x, weight) = try convolution.gradientsPlainly(operands)
        return isOfImage ? [weight] : [x, weight]
    }
}

extension DeformableConvolution: Twinned {
    /// Eight times the direct sum's bound, for the rounding of places (see its own tests).
    func plainly(_ operands: Operands) throws -> [Expected] {
        let weight = try operands["weight"]
        return [
            Expected(
                Naive.deformableConvolution(
                    try operands["x"], offsets: try operands["offsets"], weight, padding: 1),
                within: 8 * toleranceOfSum(terms: 9 * weight.shape[1]))
        ]
    }
}

extension DeformableConvolutionGradient: Twinned {
    func plainly(_ operands: Operands) throws -> [Expected] {
        let weight = try operands["weight"]
        let gradient = try operands["gradient"]
        let expected = Naive.deformableConvolutionGradients(
            x: try operands["x"], offsets: try operands["offsets"], weight: weight,
            gradient: gradient, padding: 1)
        let (channels, pixels) = (weight.shape[0], gradient.count / weight.shape[0])
        // Samples and shares are off by the rounding of places; offsets' gradients are sums over
        // both outputs and inputs, of values that are sums themselves.
        func bound(_ terms: Int) -> Double { 8 * Double(toleranceOfSum(terms: terms)) }
        return [
            Expected(expected.x, within: bound(9 * channels)),
            Expected(expected.offsets, within: bound(channels * channels)),
            Expected(expected.weight, within: bound(pixels)),
        ]
    }
}
