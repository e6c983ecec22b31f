import Tensor
import TestSupport
import Testing

@Suite struct Conv2dTests {
    /// One convolution: frames, height, width, channels in and out, kernel, stride, padding, dilation,
    /// groups.
    struct Shape: Sendable, CustomTestStringConvertible {
        let input: [Int]
        let outputs: Int
        let kernel: [Int]
        var stride = 1
        var padding = 0
        var dilation = 1
        var groups = 1

        var testDescription: String {
            "\(input) to \(outputs), \(kernel), s\(stride) p\(padding) d\(dilation) g\(groups)"
        }
    }

    static let shapes = [
        Shape(input: [2, 9, 7, 3], outputs: 8, kernel: [7, 7], stride: 2, padding: 3),
        Shape(input: [1, 8, 12, 3], outputs: 17, kernel: [4, 4], stride: 4),
        Shape(input: [1, 5, 6, 1], outputs: 1, kernel: [3, 3], padding: 1),
        Shape(input: [2, 5, 6, 2], outputs: 3, kernel: [3, 3], padding: 2),
        Shape(input: [1, 7, 5, 8], outputs: 25, kernel: [3, 3], stride: 2, padding: 1),
        Shape(input: [1, 6, 6, 25], outputs: 49, kernel: [3, 3], padding: 2, dilation: 2),
        Shape(input: [3, 4, 5, 49], outputs: 8, kernel: [1, 1]),
        Shape(input: [1, 7, 7, 49], outputs: 8, kernel: [1, 1], stride: 2),
        Shape(input: [1, 4, 4, 24], outputs: 5, kernel: [1, 1], padding: 1),
        Shape(input: [1, 5, 4, 392], outputs: 20, kernel: [3, 3], padding: 1),
        Shape(input: [1, 6, 5, 12], outputs: 10, kernel: [2, 3], padding: 1),
        Shape(input: [1, 6, 5, 12], outputs: 18, kernel: [3, 3], padding: 1, groups: 2),
        Shape(input: [1, 6, 5, 12], outputs: 24, kernel: [3, 3], padding: 1, groups: 12),
        Shape(input: [2, 6, 5, 13], outputs: 13, kernel: [3, 3], padding: 1, groups: 13),
        Shape(
            input: [1, 9, 9, 16], outputs: 16, kernel: [3, 3], stride: 2, padding: 2, dilation: 2,
            groups: 16),
        Shape(input: [1, 3, 1, 6], outputs: 4, kernel: [5, 5], padding: 4),
        // Groups of 8 outputs, two to a panel; of 16 and more; of outputs that fill no panel.
        Shape(input: [2, 7, 13, 32], outputs: 32, kernel: [3, 3], padding: 1, groups: 4),
        Shape(
            input: [1, 9, 8, 12], outputs: 32, kernel: [3, 3], stride: 2, padding: 1, groups: 4),
        Shape(input: [1, 8, 9, 24], outputs: 24, kernel: [3, 3], padding: 1, groups: 3),
        Shape(
            input: [2, 6, 7, 64], outputs: 64, kernel: [3, 3], stride: 2, padding: 1, groups: 4),
        Shape(input: [1, 6, 25, 10], outputs: 64, kernel: [3, 2], groups: 2),
        Shape(
            input: [1, 9, 11, 16], outputs: 48, kernel: [2, 3], stride: 2, padding: 2, dilation: 2,
            groups: 2),
        Shape(
            input: [1, 9, 11, 16], outputs: 16, kernel: [3, 3], padding: 3, dilation: 3, groups: 2),
        Shape(input: [1, 4, 5, 96], outputs: 96, kernel: [3, 3], padding: 1, groups: 2),
    ]

    /// Depthwise ones that nobody chose: of whole pairs of vectors of channels, whose inner pixels are summed up in tiles.
    static let depthwise: [Shape] = (0..<16).map { seed in
        var random = SeededRandom(UInt64(seed))
        let kernel = (0..<2).map { _ in Int.random(in: 1...5, using: &random) }
        let channels = 16 * Int.random(in: 1...3, using: &random)
        let dilation = Int.random(in: 1...2, using: &random)
        let size = kernel.map {
            ($0 - 1) * dilation + 1 + Int.random(in: 0...20, using: &random)
        }
        return Shape(
            input: [Int.random(in: 1...2, using: &random)] + size + [channels], outputs: channels,
            kernel: kernel, stride: Int.random(in: 1...3, using: &random),
            padding: Int.random(in: 0...3, using: &random), dilation: dilation, groups: channels)
    }

    /// Ones of few channels and whole panels of outputs that nobody chose: their patches are read where they lie.
    static let fewChannels: [Shape] = (0..<24).map { seed in
        var random = SeededRandom(UInt64(seed))
        let kernel = (0..<2).map { _ in Int.random(in: 1...5, using: &random) }
        let dilation = Int.random(in: 1...2, using: &random)
        let size = kernel.map {
            ($0 - 1) * dilation + 1 + Int.random(in: 0...20, using: &random)
        }
        return Shape(
            input: [Int.random(in: 1...2, using: &random)] + size
                + [Int.random(in: 1...9, using: &random)],
            outputs: 16 * Int.random(in: 1...3, using: &random), kernel: kernel,
            stride: Int.random(in: 1...3, using: &random),
            padding: Int.random(in: 0...5, using: &random), dilation: dilation)
    }

    @Test(arguments: shapes + depthwise + fewChannels)
    func matchesPlainConvolution(_ shape: Shape) {
        var random = SeededRandom(UInt64(shape.outputs + 100 * shape.input[3]))
        let x = random.tensor(shape.input)
        let weight = random.tensor(
            [shape.outputs, shape.input[3] / shape.groups] + shape.kernel)
        let bias = random.tensor([shape.outputs])
        let plain = Naive.convolution(
            x, weight.expandedDimensions(axis: 2), bias: bias,
            stride: [1, shape.stride, shape.stride], padding: [0, shape.padding, shape.padding],
            dilation: [1, shape.dilation, shape.dilation], groups: shape.groups)
        let packed = PackedConvolution(weight, groups: shape.groups)
        let tolerance = toleranceOfSum(terms: weight.count / shape.outputs)
        let fast = conv2d(
            x, packed, bias: bias, stride: shape.stride, padding: shape.padding,
            dilation: shape.dilation)
        #expect(fast.largestDifference(from: plain) <= tolerance)

        // Sums on both sides of ReLU6's limit, rounded once more at that size.
        let residual = random.tensor(plain.shape, in: -8...8)
        for activation in [Activation.relu, .relu6] {
            let finished = conv2d(
                x, packed, bias: bias, residual: residual, stride: shape.stride,
                padding: shape.padding, dilation: shape.dilation, activation: activation)
            let expected = Naive.finished(
                plain, bias: nil, residual: residual, activation: activation)
            #expect(finished.largestDifference(from: expected) <= tolerance + 1e-6)
        }
    }

    /// GELU's own error is below 3e-6 for these values, its slope below 1.13.
    @Test(arguments: [(1, 6), (6, 6), (2, 16), (16, 16)])
    func gelu(groups: Int, channels: Int) {
        var random = SeededRandom(7)
        let x = random.tensor([1, 5, 5, channels])
        let weight = random.tensor([channels, channels / groups, 3, 3])
        let plain = Naive.convolution(
            x, weight.expandedDimensions(axis: 2), padding: [0, 1, 1], groups: groups)
        let fast = conv2d(
            x, PackedConvolution(weight, groups: groups), padding: 1, activation: .gelu)
        let expected = Naive.finished(plain, bias: nil, residual: nil, activation: .gelu)
        #expect(fast.largestDifference(from: expected) <= 3e-6 + toleranceOfSum(terms: 72))
    }

    @Test func viewsOfInputAndWeight() {
        var random = SeededRandom(9)
        let x = random.tensor([1, 5, 6, 4])
        let weight = random.tensor([7, 4, 3, 3])
        let expected = conv2d(x, PackedConvolution(weight), padding: 1)
        let planes = x.transposed(0, 3, 1, 2).contiguous()
        let tapsFirst = weight.transposed(2, 3, 1, 0).contiguous()
        let views = conv2d(
            planes.transposed(0, 2, 3, 1), PackedConvolution(tapsFirst.transposed(3, 2, 0, 1)),
            padding: 1)
        #expect(views == expected)
        let turned = weight.transposed(0, 1, 3, 2).contiguous().transposed(0, 1, 3, 2)
        #expect(conv2d(x, PackedConvolution(turned), padding: 1) == expected)
    }

    /// A kernel of one column is contiguous whatever the stride of that axis is.
    @Test func viewOfAKernelOfOneColumn() {
        var random = SeededRandom(11)
        let x = random.tensor([1, 6, 3, 4])
        let weight = random.tensor([7, 4, 3, 1])
        let view = weight.squeezed(axis: 3).expandedDimensions(axis: 1).transposed(0, 2, 3, 1)
        #expect(conv2d(x, PackedConvolution(view)) == conv2d(x, PackedConvolution(weight)))
    }

    @Test func noFrames() {
        let weight = PackedConvolution(Tensor(zeros: [7, 4, 3, 3]))
        #expect(conv2d(Tensor(zeros: [0, 5, 6, 4]), weight, padding: 1).shape == [0, 5, 6, 7])
    }

    @Test(arguments: [1, 3])
    func sameBitsForEveryThreadCount(kernelSize: Int) {
        var random = SeededRandom(10)
        let x = random.tensor([2, 30, 31, 40])
        let weight = PackedConvolution(random.tensor([50, 40, kernelSize, kernelSize]))
        let expected = withThreads(1) { conv2d(x, weight, padding: kernelSize / 2) }
        #expect(withThreads(3) { conv2d(x, weight, padding: kernelSize / 2) } == expected)
    }
}
