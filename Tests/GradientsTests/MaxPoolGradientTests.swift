import Gradients
import Tensor
import TestSupport
import Testing

@Suite struct MaxPoolGradientTests {
    @Test(arguments: [(3, 2, 1), (2, 2, 0), (3, 1, 1), (2, 1, 1)], [3, 8, 19])
    func agreesWithDifferences(_ window: (kernel: Int, stride: Int, padding: Int), channels: Int) {
        var random = SeededRandom(UInt64(channels))
        let shape = [2, 7, 6, channels]
        // All values differ by more than a step, so that no maximum changes place.
        let values = (0..<shape.reduce(1, *)).shuffled(using: &random).map { Float($0) / 4 }
        let x = Tensor(values, shape: shape)
        func loss(_ x: Tensor<Float>, _ gradient: Tensor<Float>) -> Double {
            weightedSum(
                gradient,
                Naive.maxPool(
                    x, kernelSize: window.kernel, stride: window.stride, padding: window.padding))
        }
        let size = (1...2).map {
            (shape[$0] + 2 * window.padding - window.kernel) / window.stride + 1
        }
        let gradient = random.tensor([2] + size + [channels])
        let found = maxPool2dGradient(
            x: x, gradient: gradient, kernelSize: window.kernel, stride: window.stride,
            padding: window.padding)
        // Sums of up to nine gradients, differences of exact values in double precision.
        #expect(gradientError(found, centralDifferences(at: x) { loss($0, gradient) }) < 1e-6)
    }

    @Test func equalPixelsGiveItToTheFirst() {
        let found = maxPool2dGradient(
            x: Tensor(repeating: 0, shape: [1, 2, 4, 1]),
            gradient: Tensor([1, 2], shape: [1, 1, 2, 1]), kernelSize: 2, stride: 2, padding: 0)
        #expect(found.scalars == [1, 0, 2, 0, 0, 0, 0, 0])
    }
}
