import Gradients
import Tensor
import TestSupport
import Testing

@Suite struct BackpropagationTests {
    /// Small integers: no rounding.
    @Test func anOperandThatIsUsedTwiceGetsTheSum() {
        let x = Tensor<Float>([1, 2, 3]).asParameter()
        let found = gradients(of: (x * x + x).sum(axis: 0), withRespectTo: [x])
        #expect(found == [Tensor([3, 5, 7])])
    }

    @Test func aParameterThatDoesNotCountGetsZeros() {
        let (x, unused) = (Tensor<Float>([1, 2]).asParameter(), Tensor<Float>([3]).asParameter())
        let loss = (x * 2).sum(axis: 0)
        #expect(gradients(of: loss, withRespectTo: [unused, x]) == [Tensor([0]), Tensor([2, 2])])
        // A loss that nothing leads to.
        let constant = Tensor<Float>([5])
        #expect(gradients(of: constant, withRespectTo: [x]) == [Tensor([0, 0])])
    }

    @Test func whatIsDetachedIsConstant() {
        let x = Tensor<Float>([3]).asParameter()
        #expect(gradients(of: x * x.detached(), withRespectTo: [x]) == [Tensor([3])])
        #expect(!x.detached().isTraced)
    }

    @Test func constantsLeaveNoTrace() {
        let x = Tensor.random([4, 4], seed: 1)
        #expect(!softmax(relu(matmul(x, x) + x), axis: -1).isTraced)
        #expect((x.asParameter() + x).isTraced)
    }

    @Test func inPlaceOperatorsKeepTheTrace() {
        let x = Tensor<Float>([1, 2]).asParameter()
        var y = x * 3
        let before = y
        y += x
        y *= 2
        #expect(y.detached() == Tensor([8, 16]))
        #expect(before.detached() == Tensor([3, 6]))
        #expect(gradients(of: y.sum(axis: 0), withRespectTo: [x]) == [Tensor([8, 8])])
    }

    /// The same graph may be walked again, for other parameters and with other weights.
    @Test func aGraphCanBeWalkedTwice() {
        let (a, b) = (Tensor<Float>([2, 3]).asParameter(), Tensor<Float>([5, 7]).asParameter())
        let product = a * b
        let weights = Tensor<Float>([1, 10])
        #expect(
            gradients(of: product, weightedBy: weights, withRespectTo: [a]) == [Tensor([5, 70])])
        #expect(
            gradients(of: product, weightedBy: weights, withRespectTo: [b]) == [Tensor([2, 30])])
    }

    /// Views in all their forms between operations, against differences. The result is linear in `x` and not
    /// in `w`: the tolerance is the rounding of some twenty operations in single precision over the step.
    @Test func viewsCarryGradients() {
        let (x, w) = (Tensor.random([2, 3, 4], seed: 1), Tensor.random([4, 5], seed: 2))
        func result(_ x: Tensor<Float>, _ w: Tensor<Float>) -> Tensor<Float> {
            let rows = x.transposed(1, 0, 2).reshaped(6, 4)
            let mixed = matmul(rows, w).reshaped(3, 2, 5)
            let joined = concatenated(
                [mixed.sliced(axis: 2, 1..<4), mixed.flipped(axis: 1)], axis: 2)
            let framed = padded(
                joined, [(1, 0), (0, 0), (0, 2)].map { (before: $0.0, after: $0.1) })
            let some = takeRows(framed, [1, 3, 1])
            return stacked([some[0], some[2] * 2], axis: 1).expandedDimensions(axis: 0)
                * matmul(w.transposed(1, 0), w)[0][1]
        }
        let g = Tensor.random(result(x, w).shape, seed: 3)
        let (p, q) = (x.asParameter(), w.asParameter())
        let found = gradients(of: result(p, q), weightedBy: g, withRespectTo: [p, q])
        let byX = centralDifferences(at: x, step: 0.5) { weightedSum(g, result($0, w)) }
        #expect(gradientError(found[0], byX) < 1e-5)
        let byW = centralDifferences(at: w, step: 0.5) { weightedSum(g, result(x, $0)) }
        #expect(gradientError(found[1], byW) < 1e-5)
    }
}
