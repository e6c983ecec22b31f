import Checkpoints
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct DeformableEncoderTests {
    /// The encoder layer of SeqFormer, with padding and valid ratios, in one kernel and put together of
    /// its parts; the case lies beside the package.
    ///
    /// Ten times what single precision does to sums of 1024 products of normed values.
    @Test func layerMatchesSeqFormer() throws {
        guard let path = ReferenceFolder.path("seqformer/modules/encoder_layer") else { return }
        let reference = try ReferenceCase(path: path)
        let sizes = EncoderSizes(channels: 256, heads: 8, levels: 4, points: 4, hidden: 1024)
        func input(_ name: String) throws -> Tensor<Float> {
            try reference.tensors.floats(name)[0]
        }
        let shapes = try reference.tensors.integers("spatial_shapes").scalars
        let levels = stride(from: 0, to: shapes.count, by: 2).map {
            MapSize(height: Int(shapes[$0]), width: Int(shapes[$0 + 1]))
        }
        let ratios = try input("valid_ratios")
        // The case's references are multiplied by the levels' ratios already.
        let references =
            try input("reference_points").sliced(axis: 1, 0..<1).squeezed(axis: 1) / ratios[0]
        let mask = try reference.tensors.integers("padding_mask")[0]
        let pyramid = TokenPyramid(
            tokens: try input("src"), levels: levels,
            paddingMask: Tensor(mask.scalars.map { $0 != 0 }, shape: mask.shape),
            validRatios: ratios)
        let positions = try input("pos")
        let expected = try input("output")
        let parts = try PlainEncoderLayer(reference.weights, sizes)
        let plain = parts(pyramid, positions: positions, references: references)
        #expect(largestDifference(plain, expected) < 3e-5)
        let layer = try sizes.layer(reference.weights)
        for frame in 0..<2 {
            let one = TokenPyramid(
                tokens: pyramid.tokens[frame..<frame + 1], levels: levels,
                paddingMask: pyramid.paddingMask?[frame..<frame + 1], validRatios: ratios)
            let y = layer(one, positions: positions[frame], references: references)
            #expect(largestDifference(y[0], expected[frame]) < 3e-5)
        }
    }

    /// Random sizes, some with padding, some with the ratios of each frame, against the layer put together
    /// of its parts. Results are normed: a few dozen roundings of values below 5.
    @Test(arguments: 0..<16) func layerMatchesItsParts(seed: Int) throws {
        var random = SeededRandom(UInt64(seed) + 100)
        let heads = Int.random(in: 1...4, using: &random)
        let width = [32, 16, 8, 5, 12, 48].randomElement(using: &random) ?? 32
        let sizes = EncoderSizes(
            channels: heads * width, heads: heads, levels: Int.random(in: 1...4, using: &random),
            points: Int.random(in: 1...5, using: &random),
            hidden: [24, 256, 300].randomElement(using: &random) ?? 24)
        let weights = try sizes.weights()
        let levels = (0..<sizes.levels).map { _ in
            MapSize(
                height: Int.random(in: 1...11, using: &random),
                width: Int.random(in: 1...11, using: &random))
        }
        let tokens = levels.reduce(0) { $0 + $1.count }
        let frames = Int.random(in: 1...3, using: &random)
        let isPadded = Bool.random(using: &random)
        let mask = (0..<frames * tokens).map { _ in Int.random(in: 0..<5, using: &random) == 0 }
        let ratioShape =
            Bool.random(using: &random) ? [frames, sizes.levels, 2] : [sizes.levels, 2]
        let pyramid = TokenPyramid(
            tokens: random.tensor([frames, tokens, sizes.channels]), levels: levels,
            paddingMask: isPadded ? Tensor(mask, shape: [frames, tokens]) : nil,
            validRatios: isPadded ? random.tensor(ratioShape, in: 0.5...1) : nil)
        let positions = random.tensor([tokens, sizes.channels])
        let references = random.tensor([tokens, 2], in: 0...1)
        let plain = try PlainEncoderLayer(weights, sizes)(
            pyramid, positions: positions, references: references)
        let layer = try sizes.layer(weights)
        let whole = layer(pyramid, positions: positions, references: references)
        #expect(largestDifference(whole, plain) < 3e-5)
    }
}

/// The sizes of an encoder layer.
private struct EncoderSizes {
    let channels: Int
    let heads: Int
    let levels: Int
    let points: Int
    let hidden: Int

    func layer(_ source: SyntheticWeights) throws -> DeformableEncoderLayer {
        let weights = WeightScope(source)
        weights["self_attn"].ignoreAll(below: "output_proj_box")
        let layer = try DeformableEncoderLayer(
            weights, channels: channels, heads: heads, levels: levels, points: points,
            hidden: hidden)
        try weights.finish()
        return layer
    }

    /// Weights as training might leave them: sums of about one, offsets of some pixels.
    func weights() throws -> SyntheticWeights {
        let scale = 1.5 / Float(channels).squareRoot()
        let samples = heads * levels * points
        func linear(_ name: String, _ inputs: Int, _ outputs: Int, bias: Float = 0.1)
            -> [SyntheticWeights.Specification]
        {
            [
                .init(name: "\(name).weight", shape: [outputs, inputs], base: 0, scale: scale),
                .init(name: "\(name).bias", shape: [outputs], base: 0, scale: bias),
            ]
        }
        func norm(_ name: String) -> [SyntheticWeights.Specification] {
            [
                .init(name: "\(name).weight", shape: [channels], base: 1, scale: 0.2),
                .init(name: "\(name).bias", shape: [channels], base: 0, scale: 0.1),
            ]
        }
        return try SyntheticWeights(
            linear("self_attn.value_proj", channels, channels)
                + linear("self_attn.sampling_offsets", channels, 2 * samples, bias: 3)
                + linear("self_attn.attention_weights", channels, samples)
                + linear("self_attn.output_proj", channels, channels)
                + linear("linear1", channels, hidden) + linear("linear2", hidden, channels)
                + norm("norm1") + norm("norm2"), origin: "test")
    }
}

/// The layer of the parts that it names.
private struct PlainEncoderLayer {
    private let attention: MultiScaleDeformableAttention
    private let norms: [LayerNorm]
    private let feedForward: FeedForward

    init(_ source: SyntheticWeights, _ sizes: EncoderSizes) throws {
        let weights = WeightScope(source)
        attention = try MultiScaleDeformableAttention(
            weights["self_attn"], channels: sizes.channels, heads: sizes.heads,
            levels: sizes.levels, points: sizes.points)
        norms = try ["norm1", "norm2"].map {
            try LayerNorm(weights[$0], channels: sizes.channels)
        }
        feedForward = try FeedForward(weights, channels: sizes.channels, hidden: sizes.hidden)
    }

    func callAsFunction(
        _ pyramid: TokenPyramid, positions: Tensor<Float>, references: Tensor<Float>
    ) -> Tensor<Float> {
        let tokens = pyramid.tokens
        let seen = norms[0](
            attention(
                queries: tokens + positions, references: references, memory: pyramid,
                residual: tokens))
        return norms[1](feedForward(seen, residual: seen))
    }
}
