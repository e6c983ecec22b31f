import Gradients
import Tensor
import TestSupport
import Testing

/// Gradients are sums of about as many terms as a group has elements, each rounded in single precision and
/// scaled by one over its standard deviation: 1e-5 of the largest is some hundred roundings. The
/// differences themselves are good to 1e-6.
private let tolerance = 1e-5

@Suite struct NormGradientsTests {
    @Test(arguments: [[1, 2], [3, 8], [2, 5, 25], [7, 17], [40, 4], [4, 96]])
    func layerNormMatchesDifferences(shape: [Int]) {
        var generator = SeededRandom(11)
        let channels = shape[shape.count - 1]
        let x = generator.tensor(shape) + 0.5
        let g = generator.tensor(shape)
        let (someWeight, bias) = (generator.tensor([channels]), generator.tensor([channels]))
        for weight in [someWeight, nil] {
            // Not small: of two channels, the variance may be.
            let found = layerNormGradients(x: x, weight: weight, epsilon: 0.1, gradient: g)
            let byX = centralDifferences(at: x) {
                weightedSum(g, Naive.layerNorm($0, weight: weight, bias: bias, epsilon: 0.1))
            }
            #expect(gradientError(found.x, byX) < tolerance)
            let one = weight ?? Tensor(repeating: 1, shape: [channels])
            let byWeight = centralDifferences(at: one, step: 0.5) {
                weightedSum(g, Naive.layerNorm(x, weight: $0, bias: bias, epsilon: 0.1))
            }
            #expect(gradientError(found.weight, byWeight) < tolerance)
            let byBias = centralDifferences(at: bias, step: 0.5) {
                weightedSum(g, Naive.layerNorm(x, weight: weight, bias: $0, epsilon: 0.1))
            }
            #expect(gradientError(found.bias, byBias) < tolerance)
        }
    }

    @Test(arguments: [
        ([1, 1, 4], 2), ([2, 3, 2, 6], 3), ([1, 5, 7, 12], 1), ([3, 4, 8], 8), ([1, 270, 2], 1),
        ([2, 6, 24], 4),
    ])
    func groupNormMatchesDifferences(shape: [Int], groups: Int) {
        var generator = SeededRandom(12)
        let channels = shape[shape.count - 1]
        let x = generator.tensor(shape) + 0.5
        let g = generator.tensor(shape)
        let (someWeight, bias) = (generator.tensor([channels]), generator.tensor([channels]))
        for weight in [someWeight, nil] {
            let found = groupNormGradients(
                x: x, groups: groups, weight: weight, epsilon: 0.1, gradient: g)
            func loss(_ x: Tensor<Float>, _ weight: Tensor<Float>?, _ bias: Tensor<Float>) -> Double
            {
                weightedSum(
                    g, Naive.groupNorm(x, groups: groups, weight: weight, bias: bias, epsilon: 0.1))
            }
            let byX = centralDifferences(at: x) { loss($0, weight, bias) }
            #expect(gradientError(found.x, byX) < tolerance)
            let one = weight ?? Tensor(repeating: 1, shape: [channels])
            let byWeight = centralDifferences(at: one, step: 0.5) { loss(x, $0, bias) }
            #expect(gradientError(found.weight, byWeight) < tolerance)
            let byBias = centralDifferences(at: bias, step: 0.5) { loss(x, weight, $0) }
            #expect(gradientError(found.bias, byBias) < tolerance)
        }
    }

    /// More rows than a task has: against two halves, whose gradients by the parameters add up. Sums of 1500
    /// terms of size 1, rounded in parts.
    @Test func layerNormOfManyRows() {
        let (x, g) = (Tensor.random([1500, 40], seed: 1), Tensor.random([1500, 40], seed: 2))
        let weight = Tensor.random([40], seed: 3)
        func gradients(_ range: Range<Int>) -> (
            x: Tensor<Float>, weight: Tensor<Float>, bias: Tensor<Float>
        ) {
            layerNormGradients(x: x[range], weight: weight, epsilon: 1e-5, gradient: g[range])
        }
        let (whole, first, second) = (
            gradients(0..<1500), gradients(0..<700), gradients(700..<1500)
        )
        #expect(whole.x == concatenated([first.x, second.x], axis: 0))
        #expect(whole.weight.largestDifference(from: first.weight + second.weight) < 1e-4)
        #expect(whole.bias.largestDifference(from: first.bias + second.bias) < 1e-4)
    }

    /// The gradient by the argument is orthogonal to a shift and to a scaling of a group.
    @Test func groupNormIgnoresShiftAndScale() {
        let (x, g) = (Tensor.random([1, 700, 96], seed: 4), Tensor.random([1, 700, 96], seed: 5))
        let found = groupNormGradients(x: x, groups: 8, weight: nil, epsilon: 0, gradient: g)
        for group in 0..<8 {
            let range = group * 12..<(group + 1) * 12
            let part = found.x.sliced(axis: 2, range)
            let ones = Tensor<Float>(repeating: 1, shape: part.shape)
            // Sums of 8400 terms of size 1 and 1/3.
            #expect(abs(weightedSum(ones, part)) < 1e-3)
            #expect(abs(weightedSum(x.sliced(axis: 2, range), part)) < 1e-3)
        }
    }
}
