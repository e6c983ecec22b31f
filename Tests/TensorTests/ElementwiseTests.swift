import Foundation
import Tensor
import TestSupport
import Testing

@Suite struct ElementwiseTests {
    /// Around the vector width and the size of a task.
    static let counts = [0, 1, 7, 8, 9, 31, 40_003]

    /// Both sides round once or twice where values are of size 1.
    @Test(arguments: counts) func functions(count: Int) {
        let x = Tensor.random([count], in: -4...4, seed: UInt64(count))
        let positive = Tensor.random([count], in: 0.1...4, seed: UInt64(count))
        func check(
            _ found: Tensor<Float>, _ input: Tensor<Float>, _ tolerance: Double,
            _ exact: (Double) -> Double
        ) {
            #expect(largestDifference(found, input.scalars.map { exact(Double($0)) }) <= tolerance)
        }
        check(relu(x), x, 0) { max(0, $0) }
        check(abs(x), x, 0) { Swift.abs($0) }
        check(-x, x, 0) { -$0 }
        check(x.clipped(min: -1, max: 2), x, 0) { min(2, max(-1, $0)) }
        check(x.clipped(max: 0.5), x, 0) { min(0.5, $0) }
        check(gelu(x), x, 1e-6) { Naive.applied(.gelu, $0) }
        check(sigmoid(x), x, 2e-7) { 1 / (1 + Foundation.exp(-$0)) }
        check(exp(x), x, 1e-5) { Foundation.exp($0) }
        check(log(positive), positive, 3e-7) { Foundation.log($0) }
        check(sqrt(positive), positive, 2e-7) { $0.squareRoot() }
        check(rsqrt(positive), positive, 5e-7) { 1 / $0.squareRoot() }
    }

    @Test func viewsAreRead() {
        let x = Tensor.random([5, 6], seed: 1).transposed(1, 0)
        #expect(relu(x) == relu(x.contiguous()))
    }
}
