import Tensor
import TestSupport
import Testing

@Suite struct DeformConv2dTests {
    /// Offsets of up to four pixels: many samples fall on the edge's border and outside.
    ///
    /// A coordinate is rounded to float before it is split: 2^-22 of a pixel, which each of the summed
    /// samples may differ by, twice the values' range.
    @Test(arguments: [1, 2, 3, 8, 25, 49], [0, 1, 2])
    func matchesPlainSampling(channels: Int, padding: Int) {
        var random = SeededRandom(UInt64(channels * 10 + padding))
        let x = random.tensor([2, 6, 5, channels])
        let weight = random.tensor([7, channels, 3, 3])
        let offsets = random.tensor(
            [2, 4 + 2 * padding, 3 + 2 * padding, 18], in: -4...4)
        let fast = deformConv2d(x, offsets: offsets, PackedConvolution(weight), padding: padding)
        let plain = Naive.deformableConvolution(x, offsets: offsets, weight, padding: padding)
        #expect(fast.largestDifference(from: plain) <= 8 * toleranceOfSum(terms: 9 * channels))
    }

    /// Whole offsets onto the border: a sample at -1 or at the size counts nothing, one inside is exact.
    @Test func wholeOffsets() {
        var random = SeededRandom(2)
        let x = random.tensor([1, 4, 4, 8])
        let weight = random.tensor([3, 8, 1, 1])
        for (dy, dx) in [(-1, 0), (0, -1), (1, 0), (0, 1), (-4, 4), (3, -3)] {
            let offsets = Tensor<Float>(
                (0..<16).flatMap { _ in [Float(dy), Float(dx)] }, shape: [1, 4, 4, 2])
            let fast = deformConv2d(x, offsets: offsets, PackedConvolution(weight))
            let plain = Naive.deformableConvolution(x, offsets: offsets, weight, padding: 0)
            #expect(fast.largestDifference(from: plain) <= toleranceOfSum(terms: 8))
        }
    }

    @Test func zeroOffsetsAreAnOrdinaryConvolution() {
        var random = SeededRandom(3)
        let x = random.tensor([2, 6, 7, 20])
        let weight = PackedConvolution(random.tensor([18, 20, 3, 3]))
        let bias = random.tensor([18])
        let deformed = deformConv2d(
            x, offsets: Tensor(zeros: [2, 6, 7, 18]), weight, bias: bias, padding: 1)
        #expect(deformed == conv2d(x, weight, bias: bias, padding: 1))
    }

    /// Offsets that are not numbers, or are huge, sample nothing.
    @Test func offsetsFarAway() {
        let x = Tensor<Float>(repeating: 1, shape: [1, 2, 2, 3])
        let weight = PackedConvolution(Tensor(repeating: 1, shape: [2, 3, 1, 1]))
        for offset in [Float.nan, .infinity, -1e30, 1e30] {
            let offsets = Tensor(repeating: offset, shape: [1, 2, 2, 2])
            #expect(deformConv2d(x, offsets: offsets, weight) == Tensor(zeros: [1, 2, 2, 2]))
        }
    }

    @Test func sameBitsForEveryThreadCount() {
        var random = SeededRandom(4)
        let x = random.tensor([2, 30, 31, 40])
        let offsets = random.tensor([2, 30, 31, 18], in: -3...3)
        let weight = PackedConvolution(random.tensor([50, 40, 3, 3]))
        let expected = withThreads(1) { deformConv2d(x, offsets: offsets, weight, padding: 1) }
        #expect(
            withThreads(3) { deformConv2d(x, offsets: offsets, weight, padding: 1) } == expected)
    }
}
