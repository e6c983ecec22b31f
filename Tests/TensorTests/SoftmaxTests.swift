import Tensor
import TestSupport
import Testing

@Suite struct SoftmaxTests {
    /// Results are below 1 and sums of at most a thousand terms: a few units of 1e-7.
    @Test(arguments: [[3], [1, 1], [5, 8], [2, 3, 17], [4, 392], [2, 1000]])
    func matchesNaive(shape: [Int]) {
        let x = Tensor.random(shape, in: -30...30, seed: 7)
        let columns = shape[shape.count - 1]
        let rows = x.reshaped(-1, columns)
        let expected = (0..<rows.shape[0]).flatMap {
            Naive.softmax(rows[$0].scalars.map(Double.init))
        }
        #expect(largestDifference(softmax(x, axis: -1), expected) < 5e-7)
    }

    /// Along another axis: the same as along the last one of the transposed tensor.
    @Test func otherAxes() {
        let x = Tensor.random([4, 5, 6], seed: 1)
        let first = softmax(x.transposed(1, 2, 0).contiguous(), axis: 2).transposed(2, 0, 1)
        #expect(softmax(x, axis: 0) == first)
        let middle = softmax(x.transposed(0, 2, 1).contiguous(), axis: 2).transposed(0, 2, 1)
        #expect(softmax(x, axis: 1) == middle)
    }

    @Test func infinities() {
        let x = Tensor<Float>(
            [0, -.infinity, 0, -.infinity, -.infinity, -.infinity], shape: [2, 3])
        let y = softmax(x, axis: 1).scalars
        #expect(Array(y[..<3]) == [0.5, 0, 0.5])
        // As in PyTorch: nothing is left to normalise by.
        #expect(y[3...].allSatisfy { $0.isNaN })
    }

    @Test func largeScoresDoNotOverflow() {
        let y = softmax(Tensor<Float>([1e30, 1e30, -1e30]), axis: 0)
        #expect(y.scalars == [0.5, 0.5, 0])
    }
}
