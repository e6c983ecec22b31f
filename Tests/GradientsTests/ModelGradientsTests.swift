import Checkpoints
import Gradients
import Models
import Tensor
import TestSupport
import Testing

@Suite struct ModelGradientsTests {
    /// MED-VT Lite, all that it has, smaller.
    private static var configuration: MEDVTConfiguration? {
        guard var configuration = MEDVTConfiguration.preset(named: "medvt-lite") else { return nil }
        configuration.frames = 2
        configuration.queries = 2
        configuration.hiddenDimension = 24
        configuration.heads = 2
        configuration.feedForwardDimension = 32
        configuration.encoderLayers = [1, 1]
        configuration.crossLayerHeads = 2
        configuration.crossLayerDimension = 32
        configuration.decoderLayers = 1
        configuration.headChannels = [16, 16, 8]
        return configuration
    }

    /// Each tensor's gradient against the loss some way up and down a random half of it.
    ///
    /// Single precision, and a model full of kinks: a step changes the loss by a hundredth, of which its
    /// rounding is about 1e-5, and a few of the thousands of units cross a kink, worth a few percent where
    /// only a few channels carry the change. Half of all tensors must be good to one percent.
    @Test func everyParameterOfMEDVTLite() throws {
        let configuration = try #require(Self.configuration)
        let weights = try TensorSource(seed: 1) { name, shape in
            let values =
                MEDVTConfiguration.madeUpValues(name, shape: shape)
                ?? MadeUpWeights.usualValues(name, shape: shape)
            return (values.base, values.scale)
        } askedForBy: {
            _ = try MEDVT(configuration, weights: $0)
        }
        let clip = Clip(frames: .random([2, 64, 64, 3], seed: 2))
        func logits(_ weights: TensorSource) throws -> Tensor<Float> {
            try MEDVT(configuration, weights: WeightScope(weights))(clip)
        }
        let names = weights.tensors.keys.sorted()
        var traced = weights
        traced.tensors = weights.tensors.mapValues { $0.asParameter() }
        let result = try logits(traced)
        let g = Tensor.random(result.shape, seed: 3)
        let found = gradients(
            of: result, weightedBy: g, withRespectTo: names.compactMap { traced.tensors[$0] })
        #expect(try result.detached() == logits(weights))

        var generator = SeededRandom(4)
        var silent: [String] = []
        var errors: [Double] = []
        for (name, gradient) in zip(names, found) {
            let value = try #require(weights.tensors[name])
            #expect(gradient.shape == value.shape)
            if length(gradient) < 1e-3 { silent.append(name) }
            // Along a random half of the gradient, so that its shape counts too.
            let half = gradient * generator.tensor(value.shape).clipped(min: 0)
            let direction = half / max(1e-6, length(half))
            let slope = weightedSum(gradient, direction)
            let step = Float(min(2e-3, 0.01 / max(1e-6, slope)))
            func loss(_ step: Float) throws -> Double {
                var moved = weights
                moved.tensors[name] = value + direction * step
                return weightedSum(g, try logits(moved))
            }
            let change = try loss(step) - loss(-step)
            let expected = 2 * Double(step) * slope
            #expect(abs(change - expected) < 0.05 * expected + 2e-5, "\(name)")
            errors.append(abs(change - expected) / expected)
        }
        errors.sort()
        #expect(errors[errors.count / 2] < 0.01)
        // Its queries start as zeros, whose values are equal: nothing depends on who attends to whom.
        #expect(silent == ["vistr.transformer.decoder.layers.0.self_attn.in_proj_weight"])
    }

    private func length(_ x: Tensor<Float>) -> Float { Float(weightedSum(x, x).squareRoot()) }
}
