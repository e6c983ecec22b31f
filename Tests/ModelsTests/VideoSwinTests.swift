import Checkpoints
import Layers
import Models
import Tensor
import TestSupport
import Testing

@Suite("Video Swin")
struct VideoSwinTests {
    /// Random extents, windows, widths and heads, channels that are no multiple of eight among them, and
    /// clips longer than the window. The reference's own single precision run is about 1e-6 off on
    /// values of this size; ten times that is the bound, as in its cases.
    @Test("Window attention is that of padded, rolled and partitioned maps", arguments: 0..<60)
    func agreesWithThePlainTwin(seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        let heads = Int.random(in: 1...4, using: &random)
        let channels = heads * Int.random(in: 1...9, using: &random)
        let window = WindowSize(
            frames: .random(in: 1...5, using: &random), height: .random(in: 1...4, using: &random),
            width: .random(in: 1...4, using: &random))
        let extent = [
            Int.random(in: 1...9, using: &random), Int.random(in: 1...8, using: &random),
            Int.random(in: 1...8, using: &random),
        ]
        let shifted = Bool.random(using: &random)
        let fit: WindowFit = seed % 2 == 0 ? .shrinking : .padding
        let weights = try attentionWeights(channels: channels, heads: heads, window: window)
        let layer = try WindowAttention(
            WeightScope(weights)["attn"], norm: WeightScope(weights)["norm"], channels: channels,
            heads: heads, window: window, fit: fit)
        let twin = try PlainWindowAttention(weights, heads: heads, window: window, fit: fit)

        let x = random.tensor(extent + [channels], in: -2...2)
        let values = x.scalars.map(Double.init)
        let expected = twin.attended(values, extent: extent, shifted: shifted)
        let attended = layer.attendedWindows(of: x, shifted: shifted)
        #expect(attended.shape == [expected.windows.count, expected.places[0].count, channels])
        #expect(largestDifference(attended, expected.windows.flatMap { $0 }) < 1e-5)

        var stream = x
        layer(&stream, shifted: shifted)
        #expect(
            largestDifference(stream, twin(values, extent: extent, shifted: shifted)) < 1e-5)
        #expect(x.scalars.map(Double.init) == values)
    }

    /// More rows than a task has and more hidden channels than a step.
    @Test("The feed-forward block is the same in parts", arguments: [(5, 3, 12), (301, 7, 530)])
    func feedForward(rows: Int, channels: Int, hidden: Int) throws {
        let weights = try SyntheticWeights([
            .init(name: "norm.weight", shape: [channels], base: 1, scale: 0.1),
            .init(name: "norm.bias", shape: [channels], base: 0, scale: 0.1),
            .init(name: "mlp.fc1.weight", shape: [hidden, channels], base: 0, scale: 0.5),
            .init(name: "mlp.fc1.bias", shape: [hidden], base: 0, scale: 0.1),
            .init(name: "mlp.fc2.weight", shape: [channels, hidden], base: 0, scale: 0.05),
            .init(name: "mlp.fc2.bias", shape: [channels], base: 0, scale: 0.1),
        ])
        let scope = WeightScope(weights)
        let block = try PreNormFeedForward(
            scope["mlp"], norm: scope["norm"], channels: channels, hiddenChannels: hidden)
        var random = SeededRandom(7)
        let x = random.tensor([rows, channels])
        var stream = x
        block(&stream)
        let normed = layerNorm(
            x, weight: try weights.floats("norm.weight"), bias: try weights.floats("norm.bias"))
        let inner = gelu(
            matmul(normed, try weights.floats("mlp.fc1.weight").transposed(1, 0))
                + (try weights.floats("mlp.fc1.bias")))
        let expected =
            x + matmul(inner, try weights.floats("mlp.fc2.weight").transposed(1, 0))
            + (try weights.floats("mlp.fc2.bias"))
        // Sums of up to 530 products of about 0.1: a few roundings of 2^-24.
        #expect(stream.largestDifference(from: expected) < 1e-5)
    }

    @Test(
        "Modules equal the official code",
        arguments: [
            "swin_layer_shift_pad", "swin_layer_reduced_window", "swin_layer_mixed_window",
            "swin_layer_long_time", "swin_patch_embed", "swin_patch_merging", "swin_shift_mask",
        ])
    func modules(name: String) throws {
        try ReferenceVerification.verifyModule(ReferenceVerification.fixture(name))
    }

    @Test("Levels keep the number of frames and halve rounding up")
    func shapes() throws {
        let configuration = VideoSwinConfiguration(
            embeddingWidth: 4, depths: [1, 2, 1, 1], heads: [1, 2, 2, 4],
            window: WindowSize(frames: 2, height: 3, width: 3))
        let weights = try backboneWeights(configuration)
        let scope = WeightScope(weights)
        let model = try VideoSwin(configuration, weights: scope)
        #expect(try scope.finish().isComplete)
        var random = SeededRandom(3)
        let levels = model(random.tensor([5, 37, 42, 3]), recorder: nil)
        #expect(
            levels.map(\.shape) == [[5, 5, 6, 8], [5, 3, 3, 16], [5, 2, 2, 32], [5, 2, 2, 32]])
        #expect(levels.map { $0.shape[3] } == model.levelChannels)
        #expect(levels.allSatisfy { $0.scalars.allSatisfy(\.isFinite) })
    }
}

/// Weights of one attention half.
private func attentionWeights(
    channels: Int, heads: Int, window: WindowSize
) throws -> SyntheticWeights {
    let entries = (2 * window.frames - 1) * (2 * window.height - 1) * (2 * window.width - 1)
    return try SyntheticWeights([
        .init(name: "norm.weight", shape: [channels], base: 1, scale: 0.1),
        .init(name: "norm.bias", shape: [channels], base: 0, scale: 0.1),
        .init(
            name: "attn.relative_position_bias_table", shape: [entries, heads], base: 0, scale: 1),
        .init(name: "attn.qkv.weight", shape: [3 * channels, channels], base: 0, scale: 0.3),
        .init(name: "attn.qkv.bias", shape: [3 * channels], base: 0, scale: 0.3),
        .init(name: "attn.proj.weight", shape: [channels, channels], base: 0, scale: 0.3),
        .init(name: "attn.proj.bias", shape: [channels], base: 0, scale: 0.1),
    ])
}

/// Weights of a whole backbone.
private func backboneWeights(_ configuration: VideoSwinConfiguration) throws -> SyntheticWeights {
    typealias Specification = SyntheticWeights.Specification
    var list: [Specification] = []
    func add(_ name: String, _ shape: [Int], base: Float = 0) {
        list.append(Specification(name: name, shape: shape, base: base, scale: 0.2))
    }
    func addNorm(_ name: String, _ channels: Int) {
        add("\(name).weight", [channels], base: 1)
        add("\(name).bias", [channels])
    }
    let (window, patch) = (configuration.window, configuration.patch)
    let entries = (2 * window.frames - 1) * (2 * window.height - 1) * (2 * window.width - 1)
    let width = configuration.embeddingWidth
    add("patch_embed.proj.weight", [width, 3, patch.frames, patch.height, patch.width])
    add("patch_embed.proj.bias", [width])
    addNorm("patch_embed.norm", width)
    for (stage, depth) in configuration.depths.enumerated() {
        let channels = width << stage
        for block in 0..<depth {
            let name = "layers.\(stage).blocks.\(block)"
            addNorm("\(name).norm1", channels)
            addNorm("\(name).norm2", channels)
            add(
                "\(name).attn.relative_position_bias_table",
                [entries, configuration.heads[stage]])
            for (matrix, outputs, inputs) in [
                ("attn.qkv", 3, 1), ("attn.proj", 1, 1), ("mlp.fc1", 4, 1), ("mlp.fc2", 1, 4),
            ] {
                add("\(name).\(matrix).weight", [outputs * channels, inputs * channels])
                add("\(name).\(matrix).bias", [outputs * channels])
            }
        }
        if stage < configuration.depths.count - 1 {
            addNorm("layers.\(stage).downsample.norm", 4 * channels)
            add("layers.\(stage).downsample.reduction.weight", [2 * channels, 4 * channels])
        }
        addNorm("norm_layers.\(stage)", configuration.levelChannels[stage])
    }
    return try SyntheticWeights(list)
}
