import Gradients
import Tensor
import TestSupport
import Testing

@Suite struct ProductGradientsTests {
    /// Products are linear: large steps drown the twin's rounding. Sums of at most sixty products.
    @Test(arguments: [([1, 1], 1), ([5, 7], 3), ([2, 3, 9], 17), ([60, 4], 5)])
    func linearMatchesDifferences(shape: [Int], outputs: Int) {
        let (rows, inputs) = (shape.dropLast().reduce(1, *), shape[shape.count - 1])
        let x = Tensor.random(shape, seed: 1)
        let weight = Tensor.random([outputs, inputs], seed: 2)
        let g = Tensor.random(shape.dropLast() + [outputs], seed: 3)
        let found = linearGradients(
            x: x, weight: weight, gradient: g, wantsX: true, wantsWeight: true)
        let byX = centralDifferences(at: x, step: 0.5) {
            weightedSum(g, Naive.linear($0.reshaped(rows, inputs), weight))
        }
        #expect(found.x?.shape == x.shape)
        #expect(gradientError(found.x, byX) < 5e-6)
        let byWeight = centralDifferences(at: weight, step: 0.5) {
            weightedSum(g, Naive.linear(x.reshaped(rows, inputs), $0))
        }
        #expect(found.weight?.shape == weight.shape)
        #expect(gradientError(found.weight, byWeight) < 5e-6)
        let none = linearGradients(
            x: x, weight: weight, gradient: g, wantsX: false, wantsWeight: false)
        #expect(none.x == nil && none.weight == nil)
    }

    /// The products themselves, of sizes that are split over the pool.
    @Test(arguments: [(3001, 24, 96), (1300, 200, 10), (700, 96, 384)])
    func largeLinearGradientsAreProducts(rows: Int, inputs: Int, outputs: Int) {
        let x = Tensor.random([rows, inputs], seed: 1)
        let weight = Tensor.random([outputs, inputs], seed: 2)
        let g = Tensor.random([rows, outputs], seed: 3)
        let found = linearGradients(
            x: x, weight: weight, gradient: g, wantsX: true, wantsWeight: true)
        let byX = Naive.product(g, weight)
        #expect(
            (found.x?.largestDifference(from: byX) ?? .infinity) < toleranceOfSum(terms: outputs))
        let byWeight = Naive.product(g.transposed(1, 0), x)
        #expect(
            (found.weight?.largestDifference(from: byWeight) ?? .infinity)
                < toleranceOfSum(terms: rows))
    }

    @Test(arguments: [
        ([2, 3], [3, 4]), ([3, 2, 5], [5, 2]), ([2, 5], [3, 5, 2]), ([2, 1, 3, 2], [4, 2, 3]),
        ([1, 1], [1, 1]),
    ])
    func matmulMatchesDifferences(left: [Int], right: [Int]) {
        let (a, b) = (Tensor.random(left, seed: 1), Tensor.random(right, seed: 2))
        let g = Tensor.random(matmul(a, b).shape, seed: 3)
        let found = matmulGradients(a, b, gradient: g)
        #expect(found.0.shape == left && found.1.shape == right)
        // `matmul` has a test of its own; it is linear in each operand.
        let byA = centralDifferences(at: a, step: 0.5) { weightedSum(g, matmul($0, b)) }
        #expect(gradientError(found.0, byA) < 5e-6)
        let byB = centralDifferences(at: b, step: 0.5) { weightedSum(g, matmul(a, $0)) }
        #expect(gradientError(found.1, byB) < 5e-6)
    }

    @Test func viewsAreRead() {
        let (a, b) = (Tensor.random([7, 5], seed: 1), Tensor.random([6, 7], seed: 2))
        let g = Tensor.random([6, 5], seed: 3).transposed(1, 0)
        let found = matmulGradients(a.transposed(1, 0), b.transposed(1, 0), gradient: g)
        let expected = matmulGradients(
            a.transposed(1, 0).contiguous(), b.transposed(1, 0).contiguous(),
            gradient: g.contiguous())
        #expect(found.0.largestDifference(from: expected.0) < 1e-6)
        #expect(found.1.largestDifference(from: expected.1) < 1e-6)
    }
}
