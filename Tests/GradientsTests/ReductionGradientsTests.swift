import Gradients
import Tensor
import TestSupport
import Testing

@Suite struct ReductionGradientsTests {
    static let shapes = [([5], 0), ([3, 4], 1), ([2, 3, 5], 1), ([4, 1, 3], 0), ([2, 17], 1)]

    @Test(arguments: shapes, [true, false])
    func sumMatchesDifferences(shape: ([Int], Int), keepDims: Bool) {
        let (shape, axis) = shape
        let x = Tensor.random(shape, seed: 1)
        let g = Tensor.random(x.sum(axis: axis, keepDims: keepDims).shape, seed: 2)
        let expected = centralDifferences(at: x, step: 0.5) {
            weightedSum(g, Naive.reduced($0, axis: axis) { $0.reduce(0, +) })
        }
        let found = sumGradient(shape: shape, axis: axis, gradient: g)
        // Copies: only the differences are rounded.
        #expect(gradientError(found, expected) < 1e-6)
    }

    @Test(arguments: shapes, [true, false])
    func extremumMatchesDifferences(shape: ([Int], Int), keepDims: Bool) {
        let (shape, axis) = shape
        // Different elements, farther apart than the steps are long.
        let count = shape.reduce(1, *)
        let x = Tensor<Float>((0..<count).map { Float($0 * 7 % count) / 4 }, shape: shape)
        guard Set(x.scalars).count == count else {
            Issue.record("equal elements in \(shape)")
            return
        }
        for largest in [true, false] {
            let result =
                largest
                ? x.max(axis: axis, keepDims: keepDims) : x.min(axis: axis, keepDims: keepDims)
            let g = Tensor.random(result.shape, seed: 2)
            let expected = centralDifferences(at: x) {
                weightedSum(
                    g, Naive.reduced($0, axis: axis) { (largest ? $0.max() : $0.min()) ?? 0 })
            }
            let found = extremumGradient(x: x, axis: axis, result: result, gradient: g)
            #expect(gradientError(found, expected) < 1e-6)
        }
    }

    @Test func equalElementsShareAMaximum() {
        let x = Tensor<Float>([3, 1, 3, 2], shape: [1, 4])
        let found = extremumGradient(
            x: x, axis: 1, result: Tensor([3]), gradient: Tensor([4]))
        #expect(found.scalars == [2, 0, 2, 0])
    }

    /// A few roundings of values up to 1.
    @Test(arguments: [[1], [3, 8], [2, 2, 13], [1, 40]])
    func softmaxMatchesDifferences(shape: [Int]) {
        var generator = SeededRandom(5)
        let (x, g) = (generator.tensor(shape, in: -3...3), generator.tensor(shape))
        let expected = centralDifferences(at: x) {
            weightedSum(
                g, Naive.rows($0).flatMap { Naive.softmax($0.map(Double.init)) })
        }
        let found = softmaxGradient(result: softmax(x, axis: -1), gradient: g)
        #expect(gradientError(found, expected) < 2e-6)
    }
}

extension Naive {
    /// The rows along the last axis.
    static func rows(_ x: Tensor<Float>) -> [[Float]] {
        let (values, columns) = (x.scalars, x.shape[x.rank - 1])
        return stride(from: 0, to: values.count, by: columns).map {
            Array(values[$0..<$0 + columns])
        }
    }
}
