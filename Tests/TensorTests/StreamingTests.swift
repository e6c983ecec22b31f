import Tensor
import TestSupport
import Testing

/// Results so large that they are written past the caches have the bits of those that are not.
///
/// Each operation works row by row, so that its result for all rows is that for the first ones and that for the others: two
/// results of a size that stays in the caches.
@Suite struct StreamingTests {
    /// More than 6 million floats in all, and less in each half. Widths are whole vectors, whole panels, and neither.
    private static let widths = [96, 104, 250]

    private func expectSameBits(
        width: Int, _ operation: (Tensor<Float>, Range<Int>) -> Tensor<Float>
    ) {
        let rows = 6_200_000 / width
        var random = SeededRandom(UInt64(width))
        let x = random.tensor([rows, width])
        let half = rows / 2
        let whole = operation(x, 0..<rows)
        #expect(whole[0..<half] == operation(x[0..<half], 0..<half))
        #expect(whole[half..<rows] == operation(x[half..<rows], half..<rows))
    }

    @Test(arguments: widths) func sums(width: Int) {
        var random = SeededRandom(1)
        let row = random.tensor([width])
        expectSameBits(width: width) { x, _ in x * x + row }
        expectSameBits(width: width) { x, _ in 1 - x }
    }

    @Test(arguments: widths) func layerNorms(width: Int) {
        expectSameBits(width: width) { x, _ in layerNorm(x, weight: nil, bias: nil) }
    }

    @Test(arguments: widths, [Activation.none, .relu6, .gelu])
    func products(width: Int, activation: Activation) {
        var random = SeededRandom(2)
        let weight = PackedMatrix(random.tensor([width, 12]))
        let bias = random.tensor([width])
        let input = random.tensor([6_200_000 / width, 12])
        expectSameBits(width: width) { x, rows in
            linear(input[rows], weight, bias: bias, residual: x, activation: activation)
        }
    }

    @Test(arguments: widths) func softmaxes(width: Int) {
        expectSameBits(width: width) { x, _ in softmax(x, axis: 1) }
    }

    /// Of images, each by itself: groups of whole panels, and two to a panel.
    @Test(arguments: [16, 8], [Activation.none, .relu]) func groups(
        width: Int, activation: Activation
    ) {
        var random = SeededRandom(4)
        let channels = 4 * width
        let x = random.tensor([2, 80, 3_200_000 / 80 / channels, channels])
        let weight = PackedConvolution(random.tensor([channels, width, 3, 3]), groups: 4)
        let bias = random.tensor([channels])
        func convolved(_ x: Tensor<Float>) -> Tensor<Float> {
            conv2d(x, weight, bias: bias, residual: x, padding: 1, activation: activation)
        }
        let whole = convolved(x)
        for image in 0..<2 {
            #expect(whole[image..<image + 1] == convolved(x[image..<image + 1]))
        }
    }

    /// Of maps, each by itself.
    @Test(
        arguments: [(channels: 96, groups: 4), (channels: 50, groups: 5)],
        [Activation.none, .relu, .gelu])
    func groupNorms(sizes: (channels: Int, groups: Int), activation: Activation) {
        var random = SeededRandom(3)
        let x = random.tensor([2, 3_200_000 / sizes.channels, sizes.channels])
        let weight = random.tensor([sizes.channels])
        func normalized(_ x: Tensor<Float>) -> Tensor<Float> {
            groupNorm(
                x, groups: sizes.groups, weight: weight, bias: weight, activation: activation)
        }
        let whole = normalized(x)
        for map in 0..<2 { #expect(whole[map..<map + 1] == normalized(x[map..<map + 1])) }
    }
}
