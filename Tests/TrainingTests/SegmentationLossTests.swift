import Gradients
import Tensor
import TestSupport
import Testing
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct SegmentationLossTests {
    private static func configuration(_ pixelLoss: LossConfiguration.PixelLoss) -> LossConfiguration
    {
        var configuration = LossConfiguration()
        configuration.pixelLoss = pixelLoss
        configuration.pixelWeight = 0.7
        configuration.diceWeight = 0.4
        return configuration
    }

    /// The losses by their formulas, in double precision; logits have the masks' size here.
    private static func naive(
        _ logits: [Float], _ masks: [Float], _ weights: [Float], _ configuration: LossConfiguration
    ) -> Double {
        var (pixels, overlap, areas) = (0.0, 0.0, 0.0)
        for index in logits.indices {
            let (t, w) = (Double(masks[index]), Double(weights[index]))
            let p = 1 / (1 + exp(-Double(logits[index])))
            let right = t == 1 ? p : 1 - p
            var loss = -log(right)
            if configuration.pixelLoss == .focal {
                let balance = configuration.focalBalance
                loss *=
                    pow(1 - right, configuration.focalExponent) * (t == 1 ? balance : 1 - balance)
            }
            pixels += loss * w
            overlap += p * w * t * w
            areas += p * w + t * w
        }
        let count = weights.reduce(0.0) { $0 + Double($1) }
        let dice = 1 - (2 * overlap + 1) / (areas + 1)
        return configuration.pixelWeight * pixels / count + configuration.diceWeight * dice
    }

    /// Values and gradients are sums of 120 terms of single precision: 1e-5 relative to their sizes of about 1.
    @Test(arguments: [LossConfiguration.PixelLoss.crossEntropy, .focal], [false, true])
    func matchesItsFormula(_ pixelLoss: LossConfiguration.PixelLoss, weighted: Bool) {
        let configuration = Self.configuration(pixelLoss)
        var random = SeededRandom(3)
        let logits = random.tensor([2, 6, 10, 1], in: -4...4)
        let masks = Tensor(
            random.tensor([2, 6, 10]).scalars.map { $0 > 0.2 ? Float(1) : 0 }, shape: [2, 6, 10])
        let weights =
            weighted
            ? Tensor(
                random.tensor([2, 6, 10]).scalars.map { $0 > -0.5 ? Float(1) : 0 },
                shape: [2, 6, 10])
            : nil
        let clip = TrainingClip(
            frames: Tensor(zeros: [2, 6, 10, 3]), masks: masks, weights: weights, source: "test")
        let ones = weights?.scalars ?? masks.scalars.map { _ in 1 }
        let parameter = logits.asParameter()
        let loss = SegmentationLoss(configuration: configuration)(parameter, clip)
        let expected = Self.naive(logits.scalars, masks.scalars, ones, configuration)
        #expect(abs(Double(loss.scalar) - expected) < 1e-5)
        let found = gradients(of: loss, withRespectTo: [parameter])[0]
        let differences = centralDifferences(at: logits) {
            Self.naive($0.scalars, masks.scalars, ones, configuration)
        }
        #expect(gradientError(found, differences) < 1e-4)
    }

    /// Logits that overflow an exponential: the loss is the logit's size, the gradient finite.
    @Test func hugeLogits() {
        let clip = TrainingClip(
            frames: Tensor(zeros: [1, 1, 2, 3]), masks: Tensor([1, 0], shape: [1, 1, 2]),
            source: "test")
        var configuration = LossConfiguration()
        configuration.diceWeight = 0
        let logits = Tensor<Float>([-500, 500], shape: [1, 1, 2, 1]).asParameter()
        let loss = SegmentationLoss(configuration: configuration)(logits, clip)
        #expect(loss.scalar == 500)
        let found = gradients(of: loss, withRespectTo: [logits])[0].scalars
        #expect(found == [-0.5, 0.5])
    }
}
