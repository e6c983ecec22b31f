import Tensor
import TestSupport
import Testing

@Suite struct LayerNormTests {
    /// Normalised values are of size 1 to 2: a few roundings. An offset of 50 costs the precision that
    /// single-precision inputs of that size have.
    @Test(arguments: [[1, 1], [3, 8], [2, 5, 25], [7, 49], [130, 128], [65, 384], [2, 1000]])
    func matchesNaive(shape: [Int]) {
        var generator = SeededRandom(3)
        let channels = shape[shape.count - 1]
        let x = generator.tensor(shape)
        let weight = generator.tensor([channels])
        let bias = generator.tensor([channels])
        for (offset, tolerance) in [(Float(0), 2e-6), (50, 3e-5)] {
            for (weight, bias) in [(weight, bias), (nil, bias), (weight, nil), (nil, nil)] {
                let found = layerNorm(x + offset, weight: weight, bias: bias)
                let expected = Naive.layerNorm(x + offset, weight: weight, bias: bias)
                #expect(largestDifference(found, expected) < tolerance)
            }
        }
    }

    @Test func epsilonBoundsFlatRows() {
        let y = layerNorm(Tensor(repeating: 3, shape: [2, 16]), weight: nil, bias: nil)
        #expect(y == Tensor(zeros: [2, 16]))
    }

    @Test func viewsAreRead() {
        let x = Tensor.random([8, 6], seed: 2)
        let view = x.transposed(1, 0)
        #expect(
            layerNorm(view, weight: nil, bias: nil)
                == layerNorm(view.contiguous(), weight: nil, bias: nil))
    }
}
