import Checkpoints
import Tensor
import TestSupport
import Testing

@Suite struct DeformableSamplingTests {
    /// The official core, whose locations and weights are given: offsets from a reference at zero in
    /// pixels, and the weights' logarithms.
    ///
    /// Locations are scaled and weights taken back from their logarithms, each with a rounding of 2^-24;
    /// values are below 4.
    @Test func matchesOfficialCore() throws {
        let reference = try fixture("msda_core")
        func input(_ name: String) throws -> Tensor<Float> { try reference.tensors.floats(name) }
        let levels = try reference.tensors.integers("spatial_shapes").scalars
        let sizes = stride(from: 0, to: levels.count, by: 2).map {
            MapSize(height: Int(levels[$0]), width: Int(levels[$0 + 1]))
        }
        let locations = try input("sampling_locations")
        let (frames, queries, heads) = (
            locations.shape[0], locations.shape[1], locations.shape[2]
        )
        let scale = Tensor(
            sizes.flatMap { [Float($0.width), Float($0.height)] }, shape: [sizes.count, 1, 2])
        let y = deformableSampling(
            values: try input("value"), levels: sizes,
            offsets: (locations * scale).reshaped(frames, queries, -1),
            logits: log(try input("attention_weights")).reshaped(frames, queries, -1),
            references: Tensor(zeros: [queries, 2]))
        #expect(heads == 4)
        #expect(largestDifference(y, try input("output")) < 1e-5)
    }

    /// Random pyramids, heads and points against the plain twin, all operands given for each frame.
    ///
    /// A coordinate of a map of at most 12 pixels is off by a few 2^-24 of its size, and each of the
    /// samples by at most twice the values' range of that; weights sum to one.
    @Test(arguments: 0..<40) func matchesPlainSampling(seed: Int) {
        var random = SeededRandom(UInt64(seed) + 1)
        let operands = Operands(using: &random)
        #expect(largestDifference(operands.sampled, operands.naive) < 2e-5)
    }

    /// Operands without the axis of frames stand for the same in all frames.
    @Test func operandsSharedByFrames() {
        var random = SeededRandom(50)
        var operands = Operands(using: &random, frames: 3)
        let whole = { (x: Tensor<Float>) in concatenated([x[0..<1], x[0..<1], x[0..<1]], axis: 0) }
        operands.offsets = whole(operands.offsets)
        operands.logits = whole(operands.logits)
        operands.references = whole(operands.references)
        operands.validRatios = whole(operands.validRatios)
        let shared = deformableSampling(
            values: operands.values, levels: operands.levels, offsets: operands.offsets[0],
            logits: operands.logits[0], references: operands.references[0],
            validRatios: operands.validRatios[0])
        #expect(shared == operands.sampled)
    }

    /// Values head by head in memory, as a view, give the same bits.
    @Test func valuesAsView() {
        var random = SeededRandom(51)
        let operands = Operands(using: &random, frames: 2)
        let byHead = operands.values.transposed(0, 2, 1, 3).contiguous().transposed(0, 2, 1, 3)
        let sampled = deformableSampling(
            values: byHead, levels: operands.levels, offsets: operands.offsets,
            logits: operands.logits, references: operands.references,
            validRatios: operands.validRatios)
        #expect(sampled == operands.sampled)
    }

    /// Points that are no numbers or far away read nothing.
    @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, -1e30, 1e6])
    func pointsFarAway(offset: Float) {
        let sampled = deformableSampling(
            values: Tensor(repeating: 1, shape: [1, 6, 2, 5]), levels: [.init(height: 2, width: 3)],
            offsets: Tensor(repeating: offset, shape: [4, 2 * 3 * 2]),
            logits: Tensor(zeros: [4, 2 * 3]), references: Tensor(repeating: 0.5, shape: [4, 2]))
        #expect(sampled == Tensor(zeros: [1, 4, 10]))
    }

    @Test func sameBitsForEveryThreadCount() {
        var random = SeededRandom(52)
        let operands = Operands(using: &random, frames: 3)
        let expected = withThreads(1) { operands.sampled }
        #expect(withThreads(3) { operands.sampled } == expected)
    }
}

/// Operands of a sampling, each with the axis of frames.
private struct Operands {
    var levels: [MapSize]
    var values: Tensor<Float>
    var offsets: Tensor<Float>
    var logits: Tensor<Float>
    var references: Tensor<Float>
    var validRatios: Tensor<Float>

    /// One to four levels of up to 12 pixels, heads of the usual widths and of odd ones.
    init(using random: inout SeededRandom, frames: Int? = nil) {
        let frames = frames ?? Int.random(in: 1...3, using: &random)
        levels = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            MapSize(
                height: Int.random(in: 1...12, using: &random),
                width: Int.random(in: 1...12, using: &random))
        }
        let tokens = levels.reduce(0) { $0 + $1.count }
        let heads = Int.random(in: 1...4, using: &random)
        let width = [32, 32, 64, 1, 5, 8, 12, 37, 48].randomElement(using: &random) ?? 32
        let points = Int.random(in: 1...6, using: &random)
        let queries = Int.random(in: 1...300, using: &random)
        let samples = heads * levels.count * points
        values = random.tensor([frames, tokens, heads, width])
        offsets = random.tensor([frames, queries, 2 * samples], in: -6...6)
        logits = random.tensor([frames, queries, samples], in: -4...4)
        references = random.tensor(
            [frames, queries, Bool.random(using: &random) ? 2 : 4], in: 0...1)
        validRatios = random.tensor([frames, levels.count, 2], in: 0.5...1)
    }

    var sampled: Tensor<Float> {
        deformableSampling(
            values: values, levels: levels, offsets: offsets, logits: logits,
            references: references, validRatios: validRatios)
    }

    var naive: [Double] {
        Naive.deformableSampling(
            values: values, levels: levels, offsets: offsets, logits: logits,
            references: references, validRatios: validRatios)
    }
}
