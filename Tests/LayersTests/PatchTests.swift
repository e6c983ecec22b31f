import Checkpoints
import Layers
import Tensor
import TestSupport
import Testing

@Suite struct PatchTests {
    /// Random extents, patches and widths: a convolution whose stride is its kernel over the padded clip,
    /// then a layer norm.
    ///
    /// Normalised values are of size 1; five channels or more keep the deviation that they are divided by
    /// near that of the sums, whose rounding is some 1e-7 of it.
    @Test(arguments: 0..<20) func embeddingMatchesStridedConvolution(seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        let inputs = Int.random(in: 1...4, using: &random)
        let channels = Int.random(in: 5...40, using: &random)
        let patch = (0..<3).map { _ in Int.random(in: 1...4, using: &random) }
        let extent = (0..<3).map { _ in Int.random(in: 1...11, using: &random) }
        let weights = try SyntheticWeights([
            .init(name: "proj.weight", shape: [channels, inputs] + patch, base: 0, scale: 1),
            .init(name: "proj.bias", shape: [channels], base: 0, scale: 1),
            .init(name: "norm.weight", shape: [channels], base: 1, scale: 0.3),
            .init(name: "norm.bias", shape: [channels], base: 0, scale: 0.3),
        ])
        let scope = WeightScope(weights)
        let layer = try PatchEmbedding(
            scope, inputChannels: inputs, channels: channels,
            patch: WindowSize(frames: patch[0], height: patch[1], width: patch[2]))
        try scope.finish()

        let clip = random.tensor(extent + [inputs])
        let missing = zip(extent, patch).map { (before: 0, after: ($1 - $0 % $1) % $1) }
        let projected = Naive.convolution(
            padded(clip, missing + [(0, 0)]), try weights.floats("proj.weight"),
            bias: try weights.floats("proj.bias"), stride: patch)
        let expected = Naive.layerNorm(
            projected, weight: try weights.floats("norm.weight"),
            bias: try weights.floats("norm.bias"))
        let tokens = layer(clip)
        #expect(tokens.shape == projected.shape)
        #expect(largestDifference(tokens, expected) < 1e-5)
    }

    /// Odd and even sizes down to one pixel: slices joined, normalised and projected.
    ///
    /// Sums of up to 96 normalised values times weights below 1: a few roundings of 1e-7 times 5.
    @Test(arguments: 0..<20) func mergingMatchesJoinedSlices(seed: Int) throws {
        var random = SeededRandom(UInt64(seed))
        let channels = Int.random(in: 2...24, using: &random)
        let extent = (0..<3).map { _ in Int.random(in: 1...9, using: &random) }
        let weights = try SyntheticWeights([
            .init(
                name: "reduction.weight", shape: [2 * channels, 4 * channels], base: 0, scale: 1),
            .init(name: "norm.weight", shape: [4 * channels], base: 1, scale: 0.3),
            .init(name: "norm.bias", shape: [4 * channels], base: 0, scale: 0.3),
        ])
        let scope = WeightScope(weights)
        let layer = try PatchMerging(scope, channels: channels)
        try scope.finish()

        let x = random.tensor(extent + [channels])
        let even = padded(x, [(0, 0), (0, extent[1] % 2), (0, extent[2] % 2), (0, 0)])
        let (frames, height, width) = (extent[0], even.shape[1] / 2, even.shape[2] / 2)
        let squares = even.reshaped(frames, height, 2, width, 2, channels)
            .transposed(0, 1, 3, 4, 2, 5).reshaped(-1, 4 * channels)
        let normed = Naive.layerNorm(
            squares, weight: try weights.floats("norm.weight"),
            bias: try weights.floats("norm.bias"))
        let expected = Naive.linear(
            Tensor(normed.map(Float.init), shape: squares.shape),
            try weights.floats("reduction.weight"))
        let merged = layer(x)
        #expect(merged.shape == [frames, height, width, 2 * channels])
        #expect(
            merged.reshaped(-1, 2 * channels).largestDifference(from: expected) < 2e-5)
    }
}
