import Checkpoints
import Models
import Tensor
import TestSupport
import Testing

@Suite("Fully connected CRF")
struct FullyConnectedCRFTests {
    @Test("The official refinement of a mask")
    func module() throws {
        try ReferenceVerification.verifyModule(ReferenceVerification.fixture("crf"))
    }

    /// With weights of zero there is nothing but the stretched probabilities.
    @Test func withoutPenaltiesTheProbabilitiesStay() {
        var random = SeededRandom(1)
        let levels = (0..<35).map { _ in UInt8.random(in: 30...200, using: &random) }
        let crf = FullyConnectedCRF(
            height: 5, width: 7,
            configuration: .init(
                power: 1, smoothness: .init(place: 1, weight: 0),
                appearance: .init(place: 3, colour: 10, weight: 0), iterations: 2))
        let image = Tensor<UInt8>(repeating: 9, shape: [5, 7, 3])
        let refined = crf(Tensor(levels, shape: [5, 7]), image: image)
        let (low, high) = (Float(levels.min() ?? 0), Float(levels.max() ?? 0))
        // Probabilities are kept 1e-5 from their ends, and float roundings are a hundredth of that.
        #expect(
            zip(refined.scalars, levels).allSatisfy {
                abs($0 - (Float($1) - low) / (high - low)) < 2e-5
            })
    }

    /// A wrong pixel amid a region of one colour changes sides; an edge of colours stays where it is.
    @Test func strayPixelsFollowTheirRegion() {
        let (height, width) = (24, 32)
        var levels = [UInt8](repeating: 30, count: height * width)
        var image = [UInt8](repeating: 20, count: height * width * 3)
        for pixel in 0..<height * width where pixel % width >= 16 {
            levels[pixel] = 225
            for channel in 0..<3 { image[3 * pixel + channel] = 200 }
        }
        levels[10 * width + 25] = 90
        levels[14 * width + 5] = 160
        let refined = FullyConnectedCRF(height: height, width: width)(
            Tensor(levels, shape: [height, width]), image: Tensor(image, shape: [height, width, 3]))
        for (pixel, value) in refined.scalars.enumerated() {
            #expect((value > 0.5) == (pixel % width >= 16), "pixel \(pixel)")
        }
    }

    @Test("One level everywhere is no foreground", arguments: [UInt8(0), 128, 255])
    func flat(level: UInt8) {
        let crf = FullyConnectedCRF(height: 6, width: 9)
        let refined = crf(
            Tensor<UInt8>(repeating: level, shape: [6, 9]),
            image: Tensor<UInt8>(repeating: 100, shape: [6, 9, 3]))
        #expect(refined.scalars.allSatisfy { $0 < 0.5 })
    }
}
