import Gradients
import Tensor
import TestSupport
import Testing

/// Copies and sums of a few: what is left is the rounding of the differences.
private let tolerance = 1e-6

@Suite struct ViewGradientsTests {
    private func expectGradient(
        _ found: Tensor<Float>, of function: (Tensor<Float>) -> Tensor<Float>, at x: Tensor<Float>,
        by g: Tensor<Float>, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(found.shape == x.shape, sourceLocation: sourceLocation)
        let expected = centralDifferences(at: x, step: 0.5) { weightedSum(g, function($0)) }
        #expect(gradientError(found, expected) < tolerance, sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        ([5], 0, 1..<3), ([3, 4], 1, 0..<4), ([2, 3, 5], 1, 1..<2), ([2, 3, 5], 2, 3..<5),
        ([4, 3], 0, 0..<1), ([4, 3], 1, 2..<2),
    ])
    func slice(shape: [Int], axis: Int, range: Range<Int>) {
        let x = Tensor.random(shape, seed: 1)
        let g = Tensor.random(x.sliced(axis: axis, range).shape, seed: 2)
        expectGradient(
            sliceGradient(g, shape: shape, axis: axis, range: range),
            of: { $0.sliced(axis: axis, range) }, at: x, by: g)
    }

    @Test(arguments: [[0], [3, 0, 2], [1, 1, 3, 1], []])
    func rows(indices: [Int]) {
        let x = Tensor.random([4, 3, 5], seed: 1)
        let g = Tensor.random([indices.count, 3, 5], seed: 2)
        expectGradient(
            takeRowsGradient(g, rows: 4, indices: indices), of: { takeRows($0, indices) }, at: x,
            by: g)
    }

    @Test(arguments: [
        [(1, 0), (0, 2), (1, 1)], [(0, 0), (0, 0), (0, 0)], [(3, 1), (2, 2), (0, 0)],
    ])
    func padding(amounts: [(Int, Int)]) {
        let amounts = amounts.map { (before: $0.0, after: $0.1) }
        let x = Tensor.random([2, 3, 4], seed: 1)
        let g = Tensor.random(padded(x, amounts).shape, seed: 2)
        expectGradient(paddedGradient(g, amounts), of: { padded($0, amounts) }, at: x, by: g)
    }
}
