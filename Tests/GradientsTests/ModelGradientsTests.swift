import Checkpoints
import Gradients
import Layers
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

    /// The seed is one of those with which no tensor's step crosses a kink that carries much: of several, with frame
    /// differences and without, about half do, and are then up to 11 percent off in one or a few tensors, others each time.
    @Test func everyParameterOfMEDVTLite() throws {
        let configuration = try #require(Self.configuration)
        let weights = try TensorSource(seed: 3) { name, shape in
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
        let check = try ParameterGradients(of: weights, seed: 4, model: logits)
        #expect(try check.result == logits(weights))
        #expect(check.errors[check.errors.count / 2] < 0.01)
        // Its queries start as zeros, whose values are equal: nothing depends on who attends to whom.
        #expect(check.silent == ["vistr.transformer.decoder.layers.0.self_attn.in_proj_weight"])
    }

    /// Clips longer and shorter than a window, sizes that fit neither windows nor patches: layers that compute in
    /// one pass where nobody asks for gradients must give the same put together of operations.
    @Test(arguments: [[2, 19, 22], [5, 27, 13]]) func everyParameterOfVideoSwin(size: [Int]) throws
    {
        let configuration = VideoSwinConfiguration(
            embeddingWidth: 12, depths: [2, 2], heads: [2, 3],
            window: WindowSize(frames: 3, height: 2, width: 3),
            patch: WindowSize(frames: 1, height: 3, width: 3))
        let weights = try TensorSource(seed: 5) { name, shape in
            let values = MadeUpWeights.usualValues(name, shape: shape)
            return (values.base, values.scale)
        } askedForBy: {
            _ = try VideoSwin(configuration, weights: $0)
        }
        let clip = Tensor.random(size + [3], seed: 6)
        func levels(_ weights: TensorSource) throws -> Tensor<Float> {
            let model = try VideoSwin(configuration, weights: WeightScope(weights))
            return concatenated(
                model(clip, firstLevel: 0, recorder: nil).map { $0.reshaped(-1) }, axis: 0)
        }
        let check = try ParameterGradients(of: weights, seed: 7, model: levels)
        // Normed values: sums of a few dozen products in another order.
        #expect(
            try check.result.largestDifference(from: levels(weights)) < 2e-5)
        #expect(check.errors[check.errors.count / 2] < 0.01)
        #expect(check.silent == [])
    }

    /// Levels of several sizes, with padding and valid ratios, around points and within boxes. The points lie
    /// between pixels, where nothing has kinks but the padding's edge.
    @Test(arguments: [2, 4]) func everyParameterOfDeformableAttention(referenceWidth: Int) throws {
        let (channels, queries) = (12, 7)
        let levels = [MapSize(height: 5, width: 6), MapSize(height: 3, width: 2)]
        func attention(_ weights: WeightScope) throws -> MultiScaleDeformableAttention {
            try MultiScaleDeformableAttention(
                weights, channels: channels, heads: 3, levels: 2, points: 2)
        }
        let weights = try TensorSource(seed: 8) { _, shape in
            (0, shape.count == 1 ? 0.5 : 0.3)
        } askedForBy: {
            _ = try attention($0)
        }
        var random = SeededRandom(9)
        let mask = (0..<2 * 36).map { _ in Int.random(in: 0..<5, using: &random) == 0 }
        let memory = TokenPyramid(
            tokens: random.tensor([2, 36, channels]), levels: levels,
            paddingMask: Tensor(mask, shape: [2, 36]),
            validRatios: random.tensor([2, 2], in: 0.7...1))
        let asked = random.tensor([2, queries, channels])
        let references = random.tensor([queries, referenceWidth], in: 0.2...0.8)
        func result(_ weights: TensorSource) throws -> Tensor<Float> {
            try attention(WeightScope(weights))(
                queries: asked, references: references, memory: memory)
        }
        let check = try ParameterGradients(of: weights, seed: 10, model: result)
        // Sums of a few dozen products in another order.
        #expect(try check.result.largestDifference(from: result(weights)) < 1e-5)
        #expect(check.errors[check.errors.count / 2] < 0.01)
        #expect(check.silent == [])
    }

    /// The encoder's layer in one pass, and put together of operations.
    @Test func everyParameterOfADeformableEncoderLayer() throws {
        let channels = 12
        let levels = [MapSize(height: 4, width: 5), MapSize(height: 2, width: 3)]
        func layer(_ weights: WeightScope) throws -> DeformableEncoderLayer {
            try DeformableEncoderLayer(
                weights, channels: channels, heads: 3, levels: 2, points: 2, hidden: 20)
        }
        let weights = try TensorSource(seed: 11) { name, shape in
            (name.hasPrefix("norm") && name.hasSuffix("weight") ? 1 : 0, 0.3)
        } askedForBy: {
            _ = try layer($0)
        }
        var random = SeededRandom(12)
        let pyramid = TokenPyramid(tokens: random.tensor([2, 26, channels]), levels: levels)
        let positions = random.tensor([26, channels])
        let references = random.tensor([26, 2], in: 0.1...0.9)
        func result(_ weights: TensorSource) throws -> Tensor<Float> {
            try layer(WeightScope(weights))(pyramid, positions: positions, references: references)
        }
        let check = try ParameterGradients(of: weights, seed: 13, model: result)
        // Normed values: a few dozen roundings of values below 5.
        #expect(try check.result.largestDifference(from: result(weights)) < 3e-5)
        #expect(check.errors[check.errors.count / 2] < 0.01)
        #expect(check.silent == [])
    }
}
