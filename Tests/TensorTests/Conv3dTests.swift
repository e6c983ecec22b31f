import Tensor
import TestSupport
import Testing

@Suite struct Conv3dTests {
    struct Shape: Sendable {
        let input: [Int]
        let outputs: Int
        let kernel: [Int]
        var padding = (frames: 0, height: 0, width: 0)
        var dilation = 1
    }

    @Test(arguments: [
        Shape(input: [3, 5, 6, 10], outputs: 12, kernel: [1, 3, 3], padding: (0, 1, 1)),
        Shape(
            input: [6, 5, 4, 12], outputs: 8, kernel: [3, 3, 3], padding: (2, 2, 2), dilation: 2),
        Shape(
            input: [2, 3, 4, 8], outputs: 4, kernel: [3, 3, 3], padding: (2, 2, 2), dilation: 2),
        Shape(input: [4, 5, 4, 16], outputs: 17, kernel: [3, 3, 3], padding: (1, 1, 1)),
        Shape(input: [4, 5, 4, 49], outputs: 2, kernel: [1, 1, 1]),
        Shape(input: [5, 4, 4, 3], outputs: 2, kernel: [3, 2, 1]),
        Shape(
            input: [2, 3, 3, 392], outputs: 9, kernel: [3, 3, 3], padding: (2, 2, 2), dilation: 2),
    ])
    func matchesPlainConvolution(_ shape: Shape) {
        var random = SeededRandom(UInt64(shape.outputs))
        let x = random.tensor(shape.input)
        let weight = random.tensor([shape.outputs, shape.input[3]] + shape.kernel)
        let bias = random.tensor([shape.outputs])
        let padding = shape.padding
        let plain = Naive.convolution(
            x, weight, bias: bias, padding: [padding.frames, padding.height, padding.width],
            dilation: [shape.dilation, shape.dilation, shape.dilation])
        let fast = conv3d(
            x, PackedConvolution(weight), bias: bias, padding: padding, dilation: shape.dilation)
        #expect(
            fast.largestDifference(from: plain)
                <= toleranceOfSum(terms: weight.count / shape.outputs))
    }
}
