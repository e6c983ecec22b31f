import Tensor
import TestSupport
import Testing

@Suite struct ReductionTests {
    static let cases: [([Int], Int)] = [
        ([1], 0), ([9], 0), ([5, 3], 0), ([5, 3], 1), ([4, 1, 7], 1), ([2, 300, 17], 1),
        ([1000, 40], 0), ([3, 70_000], 1), ([6, 8, 20], 2), ([6, 8, 20], -3), ([1031, 1], 0),
    ]

    /// Means are of size 1e-2 to 1; long sums are merged in double precision, so the error stays that of
    /// parts of at most 8192 terms.
    @Test(arguments: cases) func matchesNaive(shape: [Int], axis: Int) {
        let x = Tensor.random(shape, seed: 4)
        let length = Double(x.shape[axis < 0 ? axis + x.rank : axis])
        let sums = Naive.reduced(x, axis: axis) { $0.reduce(0, +) }
        #expect(largestDifference(x.sum(axis: axis), sums) < 2e-6 * length.squareRoot() + 1e-6)
        #expect(largestDifference(x.mean(axis: axis), sums.map { $0 / length }) < 1e-6)
        #expect(
            largestDifference(x.max(axis: axis), Naive.reduced(x, axis: axis) { $0.max() ?? 0 })
                == 0)
        #expect(
            largestDifference(x.min(axis: axis), Naive.reduced(x, axis: axis) { $0.min() ?? 0 })
                == 0)
        let variances = Naive.reduced(x, axis: axis) { Naive.moments($0).variance }
        #expect(
            largestDifference(x.variance(axis: axis, unbiased: false), variances) < 1e-6)
        if length > 1 {
            #expect(
                largestDifference(
                    x.variance(axis: axis, unbiased: true),
                    variances.map { $0 * length / (length - 1) }) < 2e-6)
        }
        let places = Naive.reduced(x, axis: axis) { row in
            Double(row.firstIndex(of: row.max() ?? 0) ?? 0)
        }
        #expect(x.argMax(axis: axis).scalars.map(Double.init) == places)
    }

    @Test func keptDimensions() {
        let x = Tensor.random([4, 5, 6], seed: 1)
        #expect(x.sum(axis: 1).shape == [4, 6])
        #expect(x.sum(axis: 1, keepDims: true).shape == [4, 1, 6])
        #expect(x.mean(axis: -1, keepDims: true).shape == [4, 5, 1])
        #expect(x.variance(axis: 0, keepDims: true, unbiased: true).shape == [1, 5, 6])
        #expect(x.argMax(axis: 2).shape == [4, 5])
    }

    /// A large mean does not swallow a small variance: its square is never formed.
    @Test func varianceFarFromZero() {
        let x = Tensor.random([5000, 16], in: -0.5...0.5, seed: 9) + 1000
        let expected = Naive.reduced(x, axis: 0) { Naive.moments($0).variance }
        // Inputs near 1000 come in steps of 6e-5, exactly what both sides read.
        #expect(largestDifference(x.variance(axis: 0, unbiased: false), expected) < 1e-6)
    }

    @Test func firstOfEqualsWins() {
        #expect(Tensor<Float>([1, 5, 5, 2]).argMax(axis: 0).scalar == 1)
    }

    @Test func emptyAxes() {
        #expect(Tensor<Float>(zeros: [3, 0]).sum(axis: 1) == Tensor(zeros: [3]))
        #expect(Tensor<Float>(zeros: [0, 3]).sum(axis: 1).shape == [0])
    }
}
