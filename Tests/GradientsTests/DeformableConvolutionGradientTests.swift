import Gradients
import Tensor
import TestSupport
import Testing

/// Gradients of the deformable convolution against differences of the naive twin.
@Suite struct DeformableConvolutionGradientTests {
    struct Case: Sendable {
        let size: [Int]
        let channels: Int
        let outputs: Int
        let kernel: Int
        let padding: Int
    }

    @Test(arguments: [
        Case(size: [1, 5, 6], channels: 3, outputs: 4, kernel: 3, padding: 1),
        Case(size: [2, 4, 5], channels: 9, outputs: 5, kernel: 3, padding: 0),
        Case(size: [4, 3, 3], channels: 8, outputs: 3, kernel: 1, padding: 1),
        // Channels enough to be split.
        Case(size: [1, 3, 4], channels: 36, outputs: 2, kernel: 3, padding: 1),
    ])
    func agreesWithDifferences(_ test: Case) {
        var random = SeededRandom(UInt64(test.channels))
        let x = random.tensor(test.size + [test.channels])
        let weight = random.tensor([test.outputs, test.channels, test.kernel, test.kernel])
        let size = [
            test.size[0], test.size[1] + 2 * test.padding - test.kernel + 1,
            test.size[2] + 2 * test.padding - test.kernel + 1,
        ]
        // Interpolation has kinks at whole pixels: points keep farther from them than a step. Some lie
        // outside the image.
        let whole = random.tensor(size + [2 * test.kernel * test.kernel], in: -2...2)
        let between = random.tensor(whole.shape, in: 0.2...0.8)
        let offsets = Tensor(
            zip(whole.scalars, between.scalars).map { $0.rounded() + $1 }, shape: whole.shape)
        let gradient = random.tensor(size + [test.outputs])

        func loss(x: Tensor<Float>, offsets: Tensor<Float>, weight: Tensor<Float>) -> Double {
            weightedSum(
                gradient,
                Naive.deformableConvolution(x, offsets: offsets, weight, padding: test.padding))
        }
        let found = deformableConvolutionGradients(
            x: x, offsets: offsets, weight: weight, gradient: gradient, padding: test.padding)
        // The twin's results are single-precision: 2^-24 of some ten, a hundred of them, over a step of
        // 1/16; the loss is linear between the kinks, along each operand.
        let tolerance = 1e-4
        #expect(
            gradientError(
                found.x,
                centralDifferences(at: x, step: 1) {
                    loss(x: $0, offsets: offsets, weight: weight)
                }) < tolerance)
        #expect(
            gradientError(
                found.offsets,
                centralDifferences(at: offsets, step: 0x1p-3) {
                    loss(x: x, offsets: $0, weight: weight)
                }) < tolerance)
        #expect(
            gradientError(
                found.weight,
                centralDifferences(at: weight, step: 1) {
                    loss(x: x, offsets: offsets, weight: $0)
                }) < tolerance)
    }

    @Test func withoutOffsetsItIsThatOfAConvolution() throws {
        var random = SeededRandom(11)
        let x = random.tensor([5, 12, 13, 24])
        let weight = random.tensor([16, 24, 3, 3])
        let gradient = random.tensor([5, 12, 13, 16])
        let found = deformableConvolutionGradients(
            x: x, offsets: Tensor(zeros: [5, 12, 13, 18]), weight: weight, gradient: gradient,
            padding: 1)
        let expected = Naive.convolutionGradients(
            x: x, weight: weight.expandedDimensions(axis: 2), gradient: gradient,
            stride: [1, 1, 1], padding: [0, 1, 1], dilation: [1, 1, 1], groups: 1)
        #expect(
            largestDifference(found.x, expected.x) <= Double(toleranceOfSum(terms: 16 * 9)))
        #expect(
            largestDifference(found.weight, expected.weight)
                <= Double(toleranceOfSum(terms: 5 * 12 * 13)))
    }
}
