import Gradients
import Tensor
import TestSupport
import Testing

@Suite struct ResizeGradientTests {
    struct Case: Sendable {
        let from: [Int]
        let to: [Int]
        let channels: Int
    }

    static let cases = [
        Case(from: [3, 4], to: [6, 8], channels: 9), Case(from: [5, 7], to: [13, 9], channels: 1),
        Case(from: [9, 8], to: [4, 3], channels: 3), Case(from: [1, 6], to: [5, 2], channels: 16),
        Case(from: [4, 4], to: [4, 4], channels: 2),
    ]

    @Test(arguments: cases)
    func bilinearAgreesWithDifferences(_ test: Case) {
        var random = SeededRandom(3)
        let x = random.tensor([2] + test.from + [test.channels])
        let gradient = random.tensor([2] + test.to + [test.channels])
        let found = resizedBilinearGradient(gradient, height: test.from[0], width: test.from[1])
        let expected = centralDifferences(at: x, step: 1) {
            weightedSum(gradient, Naive.resizedBilinear($0, height: test.to[0], width: test.to[1]))
        }
        #expect(found.shape == x.shape)
        // Positions and weights are rounded to single precision as PyTorch has them, the twin's are not:
        // 2^-24 of a position of up to nine, times a few summands.
        #expect(gradientError(found, expected) < 1e-5)
    }

    @Test(arguments: cases)
    func nearestGivesEachPixelItsCopies(_ test: Case) {
        var random = SeededRandom(5)
        let gradient = random.tensor([2] + test.to + [test.channels])
        let found = resizedNearestGradient(gradient, height: test.from[0], width: test.from[1])
        // Which pixel was copied where is asked of the operation itself.
        let count = 2 * test.from[0] * test.from[1] * test.channels
        let places = Tensor((0..<count).map(Float.init), shape: [2] + test.from + [test.channels])
        var expected = [Double](repeating: 0, count: count)
        let copied = resizedNearest(places, height: test.to[0], width: test.to[1]).scalars
        for (place, value) in zip(copied, gradient.scalars) {
            expected[Int(place)] += Double(value)
        }
        // Sums of at most a dozen values of at most 1.
        #expect(largestDifference(found, expected) <= Double(toleranceOfSum(terms: 12)))
    }
}
