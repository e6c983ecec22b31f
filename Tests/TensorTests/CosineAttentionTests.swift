import Tensor
import TestSupport
import Testing

/// Attention whose scores are cosines: among tokens (`mutualAttention`), and of others (`cosineAttention`).
@Suite struct CosineAttentionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var tokens: Int
        var keyWidth: Int
        var valueWidth: Int
        var group: Int?
        var scale: Float = 30

        var testDescription: String {
            "\(tokens) tokens of \(keyWidth) and \(valueWidth), group \(group ?? 0), scale \(scale)"
        }
    }

    /// Blocks are of 144 tokens at most here.
    static let cases: [Case] = [
        Case(tokens: 1, keyWidth: 1, valueWidth: 1),
        Case(tokens: 7, keyWidth: 3, valueWidth: 5, scale: 1),
        Case(tokens: 96, keyWidth: 16, valueWidth: 16),
        Case(tokens: 97, keyWidth: 16, valueWidth: 17),
        Case(tokens: 144, keyWidth: 16, valueWidth: 16),
        Case(tokens: 145, keyWidth: 16, valueWidth: 17),
        Case(tokens: 500, keyWidth: 24, valueWidth: 40),
        Case(tokens: 12, keyWidth: 8, valueWidth: 8, group: 4),
        Case(tokens: 606, keyWidth: 32, valueWidth: 30, group: 101),
        Case(tokens: 450, keyWidth: 12, valueWidth: 49, group: 200),
        Case(tokens: 390, keyWidth: 128, valueWidth: 392, group: 130, scale: 32),
    ]

    /// Values are averages of numbers within 1 by weights whose relative error is that of the scores'
    /// rounding: some 1e-7 times the scale of 32.
    static let tolerance = 5e-6

    static func operands(_ shape: Case, seed: UInt64) -> (
        keys: Tensor<Float>, values: Tensor<Float>
    ) {
        var generator = SeededRandom(seed)
        let k = Tensor.random([shape.tokens, shape.keyWidth], using: &generator)
        let v = Tensor.random([shape.tokens, shape.valueWidth], using: &generator)
        return (k / sqrt((k * k).sum(axis: 1, keepDims: true)), v)
    }

    @Test(arguments: cases.enumerated().map { ($0.offset, $0.element) })
    func matchesNaive(index: Int, shape: Case) {
        let (k, v) = Self.operands(shape, seed: UInt64(index))
        let found = mutualAttention(
            keys: k, values: v, scale: shape.scale, excludingOwnGroupOf: shape.group)
        let expected = Naive.attention(
            queries: k, keys: k, values: v, heads: 1, scale: shape.scale,
            excludingOwnGroupOf: shape.group)
        #expect(found.shape == v.shape)
        #expect(largestDifference(found, expected) < Self.tolerance)
    }

    /// Queries of their own, more and fewer than one pass takes; the keys are those of the cases above.
    @Test(arguments: cases.enumerated().map { ($0.offset, $0.element) }, [1, 205, 389])
    func ownQueriesMatchNaive(_ item: (index: Int, shape: Case), queries: Int) {
        let shape = item.shape
        let (k, v) = Self.operands(shape, seed: UInt64(item.index))
        var other = shape
        other.tokens = queries
        let q = Self.operands(other, seed: 100).keys
        // Without a key to attend to, both are NaN: see below.
        let group = shape.group.flatMap { shape.tokens > $0 ? $0 : nil }
        let found = cosineAttention(
            queries: q, keys: k, values: v, scale: shape.scale, excludingOwnGroupOf: group)
        let expected = Naive.attention(
            queries: q, keys: k, values: v, heads: 1, scale: shape.scale,
            excludingOwnGroupOf: group)
        #expect(found.shape == [queries, shape.valueWidth])
        #expect(largestDifference(found, expected) < Self.tolerance)
    }

    /// The general operation is the slow twin, over shapes that nobody chose.
    @Test(arguments: 0..<8)
    func matchesAttention(seed: UInt64) {
        var generator = SeededRandom(seed)
        let groups = Int.random(in: 2...5, using: &generator)
        let group = Int.random(in: 1...260, using: &generator)
        let shape = Case(
            tokens: groups * group - Int.random(in: 0..<group, using: &generator),
            keyWidth: Int.random(in: 1...70, using: &generator),
            valueWidth: Int.random(in: 1...70, using: &generator),
            group: seed % 2 == 0 ? group : nil)
        let (k, v) = Self.operands(shape, seed: seed)
        let found = mutualAttention(
            keys: k, values: v, scale: shape.scale, excludingOwnGroupOf: shape.group)
        let cosine = cosineAttention(
            queries: k, keys: k, values: v, scale: shape.scale, excludingOwnGroupOf: shape.group)
        let twin = attention(
            queries: k, keys: k, values: v, heads: 1, scale: shape.scale,
            excludingOwnGroupOf: shape.group
        ).scalars.map(Double.init)
        #expect(largestDifference(found, twin) < Self.tolerance, "\(shape)")
        #expect(largestDifference(cosine, twin) < Self.tolerance, "\(shape)")
    }

    /// Keys that all point away from each other have the smallest weights that there are.
    @Test func oppositeKeys() {
        let k = Tensor<Float>([1, 0, -1, 0], shape: [2, 2])
        let v = Tensor<Float>([3, 5], shape: [2, 1])
        let found = mutualAttention(keys: k, values: v, scale: 32, excludingOwnGroupOf: 1)
        #expect(largestDifference(found, [5, 3]) < 1e-6)
        let cosine = cosineAttention(
            queries: k, keys: k, values: v, scale: 32, excludingOwnGroupOf: 1)
        #expect(largestDifference(cosine, [5, 3]) < 1e-6)
    }

    @Test func tokensWithoutOthersAreNaN() {
        let (k, v) = Self.operands(Case(tokens: 5, keyWidth: 8, valueWidth: 8), seed: 1)
        let alone = mutualAttention(keys: k, values: v, scale: 1, excludingOwnGroupOf: 8)
        #expect(alone.scalars.allSatisfy { $0.isNaN })
        let cosine = cosineAttention(
            queries: k, keys: k, values: v, scale: 1, excludingOwnGroupOf: 8)
        #expect(cosine.scalars.allSatisfy { $0.isNaN })
    }
}
