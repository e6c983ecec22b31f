import Gradients
import Kernels
import Tensor
import TestSupport
import Testing

/// Gradients of convolutions against the naive twin, product by product in double precision.
@Suite struct ConvolutionGradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var size: [Int]
        var channels: Int
        var outputs: Int
        var kernel: [Int]
        var stride = [1, 1, 1]
        var padding = [0, 0, 0]
        /// Behind each axis, where it is not the same.
        var trailing: [Int]?
        var dilation = [1, 1, 1]
        var groups = 1

        var testDescription: String {
            "\(size) \(channels)>\(outputs) kernel \(kernel) stride \(stride) padding \(padding) \(trailing ?? padding) dilation \(dilation) groups \(groups)"
        }
    }

    static let dense = [
        Case(size: [2, 7, 9], channels: 16, outputs: 24, kernel: [1, 1, 1]),
        Case(size: [2, 7, 9], channels: 16, outputs: 24, kernel: [1, 1, 1], stride: [1, 2, 2]),
        Case(
            size: [1, 7, 9], channels: 5, outputs: 3, kernel: [1, 1, 1], stride: [1, 2, 2],
            padding: [0, 1, 1]),
        Case(
            size: [2, 9, 11], channels: 40, outputs: 48, kernel: [1, 3, 3], padding: [0, 1, 1]),
        Case(
            size: [2, 10, 11], channels: 3, outputs: 32, kernel: [1, 3, 3], stride: [1, 2, 2],
            padding: [0, 1, 1]),
        Case(
            size: [2, 10, 11], channels: 7, outputs: 5, kernel: [1, 3, 3], stride: [1, 2, 3],
            padding: [0, 0, 2], dilation: [1, 2, 1]),
        Case(
            size: [4, 8, 9], channels: 32, outputs: 16, kernel: [3, 3, 3], padding: [2, 2, 2],
            dilation: [2, 2, 2]),
        // Padding beyond the kernel's reach.
        Case(
            size: [4, 8, 9], channels: 6, outputs: 6, kernel: [2, 3, 1], stride: [2, 1, 1],
            padding: [1, 3, 1], groups: 2),
        Case(
            size: [1, 8, 9], channels: 8, outputs: 12, kernel: [1, 3, 3], stride: [1, 2, 2],
            padding: [0, 1, 1], groups: 4),
        // Another padding behind each axis, less and more than the kernel reaches.
        Case(
            size: [2, 10, 11], channels: 3, outputs: 32, kernel: [1, 3, 3], stride: [1, 2, 2],
            padding: [0, 0, 1], trailing: [0, 1, 2]),
        Case(
            size: [3, 8, 9], channels: 6, outputs: 6, kernel: [2, 3, 1], stride: [1, 1, 2],
            padding: [1, 0, 1], trailing: [0, 4, 0], groups: 2),
        Case(
            size: [1, 7, 9], channels: 5, outputs: 3, kernel: [1, 1, 1], stride: [1, 2, 2],
            trailing: [0, 1, 2]),
        // Pixels enough for several partial sums, outputs enough for several blocks.
        Case(size: [1, 41, 50], channels: 6, outputs: 9, kernel: [1, 1, 1]),
        Case(size: [1, 40, 42], channels: 5, outputs: 4, kernel: [1, 3, 3], padding: [0, 1, 1]),
        Case(size: [1, 5, 6], channels: 30, outputs: 290, kernel: [1, 1, 1]),
    ]

    static let depthwise = [3, 16, 19, 40].flatMap { channels in
        [(3, 1), (3, 2), (5, 1), (5, 2)].map { kernel, stride in
            Case(
                size: [2, 13, 12], channels: channels, outputs: channels,
                kernel: [1, kernel, kernel], stride: [1, stride, stride],
                padding: [0, kernel / 2, kernel / 2], groups: channels)
        }
    }

    static let unusualDepthwise = [
        Case(
            size: [3, 13, 12], channels: 20, outputs: 20, kernel: [2, 3, 4], stride: [1, 2, 1],
            padding: [1, 0, 4], dilation: [1, 2, 2], groups: 20),
        // Several bands of rows.
        Case(
            size: [2, 70, 60], channels: 24, outputs: 24, kernel: [1, 3, 3], padding: [0, 1, 1],
            groups: 24),
        // A kernel wider than the image: some taps never see a pixel.
        Case(
            size: [1, 4, 2], channels: 16, outputs: 16, kernel: [1, 5, 5], padding: [0, 2, 3],
            groups: 16),
    ]

    /// Both ways to compute outer products, where the machine has both.
    @Test(arguments: dense + depthwise + unusualDepthwise, [true, false])
    func agreesWithNaiveTwin(_ test: Case, wideVectors: Bool) throws {
        var random = SeededRandom(UInt64(test.channels * 1000 + test.outputs))
        let x = random.tensor(test.size + [test.channels])
        let weight = random.tensor([test.outputs, test.channels / test.groups] + test.kernel)
        let size = (0..<3).map { axis -> Int in
            let reach = test.dilation[axis] * (test.kernel[axis] - 1) + 1
            let zeros = test.padding[axis] + (test.trailing ?? test.padding)[axis]
            return (test.size[axis] + zeros - reach) / test.stride[axis] + 1
        }
        let gradient = random.tensor(size + [test.outputs])
        let compute = {
            convolutionGradients(
                x: x, weight: weight, gradient: gradient, stride: extent(test.stride),
                padding: extent(test.padding), trailingPadding: test.trailing.map(extent),
                dilation: extent(test.dilation), groups: test.groups, wantsX: true,
                wantsWeight: true)
        }
        let found = wideVectors ? compute() : InstructionSet.withoutWideVectors(compute)
        let expected = Naive.convolutionGradients(
            x: x, weight: weight, gradient: gradient, stride: test.stride, padding: test.padding,
            dilation: test.dilation, groups: test.groups)
        let xGradient = try #require(found.x)
        let weightGradient = try #require(found.weight)
        #expect(xGradient.shape == x.shape)
        #expect(weightGradient.shape == weight.shape)
        // Sums of that many products of values in [-1, 1); Winograd's transforms double the error.
        let taps = test.kernel.reduce(1, *)
        let xTerms = test.outputs / test.groups * taps
        #expect(
            largestDifference(xGradient, expected.x) <= 2 * Double(toleranceOfSum(terms: xTerms)))
        let pixels = size.reduce(1, *)
        #expect(
            largestDifference(weightGradient, expected.weight)
                <= Double(toleranceOfSum(terms: pixels)))
    }

    @Test func weightsOfRankFourKeepTheirShapeAndWishesAreHeard() throws {
        var random = SeededRandom(4)
        let x = random.tensor([1, 6, 7, 3])
        let weight = random.tensor([5, 3, 3, 3])
        let gradient = random.tensor([1, 6, 7, 5])
        func gradients(x wantsX: Bool, weight wantsWeight: Bool) -> (
            x: Tensor<Float>?, weight: Tensor<Float>?
        ) {
            convolutionGradients(
                x: x, weight: weight, gradient: gradient, stride: extent([1, 1, 1]),
                padding: extent([0, 1, 1]), dilation: extent([1, 1, 1]), groups: 1, wantsX: wantsX,
                wantsWeight: wantsWeight)
        }
        #expect(gradients(x: false, weight: true).x == nil)
        #expect(gradients(x: false, weight: true).weight?.shape == weight.shape)
        #expect(gradients(x: true, weight: false).x?.shape == x.shape)
        #expect(gradients(x: true, weight: false).weight == nil)
    }

    private func extent(_ lengths: [Int]) -> Extent {
        Extent(frames: lengths[0], height: lengths[1], width: lengths[2])
    }
}
