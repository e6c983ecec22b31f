import Tensor
import TestSupport
import Testing

@Suite struct AttentionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var queries: Int
        var keys: Int
        var heads: Int
        var keyWidth: Int
        var valueWidth: Int
        var bias = false
        var padding = false
        var group: Int?
        var scale: Float = 0.3

        var testDescription: String {
            "\(queries)x\(keys), \(heads) heads of \(keyWidth) and \(valueWidth), "
                + "bias \(bias), padding \(padding), group \(group ?? 0)"
        }
    }

    static let cases: [Case] = [
        Case(queries: 1, keys: 1, heads: 1, keyWidth: 1, valueWidth: 1),
        Case(queries: 5, keys: 7, heads: 2, keyWidth: 3, valueWidth: 5),
        Case(queries: 97, keys: 33, heads: 1, keyWidth: 25, valueWidth: 16, bias: true),
        Case(queries: 6, keys: 700, heads: 8, keyWidth: 48, valueWidth: 48, padding: true),
        Case(queries: 196, keys: 196, heads: 2, keyWidth: 32, valueWidth: 32, bias: true),
        Case(
            queries: 101, keys: 1030, heads: 2, keyWidth: 16, valueWidth: 49, bias: true,
            padding: true),
        Case(queries: 60, keys: 60, heads: 1, keyWidth: 392, valueWidth: 392, group: 10),
        Case(queries: 1200, keys: 1200, heads: 1, keyWidth: 24, valueWidth: 16, group: 600),
        Case(queries: 130, keys: 517, heads: 1, keyWidth: 384, valueWidth: 384),
        Case(queries: 30, keys: 40, heads: 2, keyWidth: 8, valueWidth: 9, scale: -2),
        Case(queries: 30, keys: 600, heads: 1, keyWidth: 16, valueWidth: 8, scale: 40),
    ]

    /// Values are averages of numbers within 1 by weights whose relative error is that of the scores'
    /// rounding: some 1e-7 times the largest score (40 * 16 at the most extreme case's scale of 40,
    /// where it is 1e-7 * 640 / 4).
    static func tolerance(_ scale: Float) -> Double { max(3e-6, 1e-6 * Double(abs(scale))) }

    @Test(arguments: cases.enumerated().map { ($0.offset, $0.element) })
    func matchesNaive(index: Int, shape: Case) {
        var generator = SeededRandom(UInt64(index))
        let (n, m, heads) = (shape.queries, shape.keys, shape.heads)
        let q = Tensor.random([n, heads * shape.keyWidth], using: &generator)
        let k = Tensor.random([m, heads * shape.keyWidth], using: &generator)
        let v = Tensor.random([m, heads * shape.valueWidth], using: &generator)
        let bias =
            shape.bias ? Tensor.random([heads, n, m], in: -3...3, using: &generator) : nil
        let padding = shape.padding ? (0..<m).map { $0 % 3 == 1 || $0 > m / 2 } : nil
        let found = attention(
            queries: q, keys: k, values: v, heads: heads, scale: shape.scale, bias: bias,
            keyPaddingMask: padding.map { Tensor($0) }, excludingOwnGroupOf: shape.group)
        let expected = Naive.attention(
            queries: q, keys: k, values: v, heads: heads, scale: shape.scale, bias: bias,
            keyPaddingMask: padding, excludingOwnGroupOf: shape.group)
        #expect(found.shape == [n, heads * shape.valueWidth])
        #expect(largestDifference(found, expected) < Self.tolerance(shape.scale))
    }

    /// Keys are packed as they are needed for a few queries, beforehand for many.
    @Test(arguments: 0..<8)
    func fewQueriesMatchMany(seed: UInt64) {
        var generator = SeededRandom(seed)
        let heads = Int.random(in: 1...3, using: &generator)
        let keys = Int.random(in: 1...900, using: &generator)
        let width = heads * Int.random(in: 1...40, using: &generator)
        let few = Int.random(in: 1...6, using: &generator)
        let q = Tensor.random([200, width], using: &generator)
        let k = Tensor.random([keys, width], using: &generator)
        let v = Tensor.random([keys, heads * 9], using: &generator)
        let many = attention(queries: q, keys: k, values: v, heads: heads, scale: 0.3)
        let found = attention(queries: q[0..<few], keys: k, values: v, heads: heads, scale: 0.3)
        #expect(largestDifference(found, many[0..<few]) < Self.tolerance(0.3))
    }

    /// Each batch element by itself gives the same bits.
    @Test(arguments: [4, 20])
    func batch(queries: Int) {
        let q = Tensor.random([3, queries, 16], seed: 1)
        let k = Tensor.random([3, 31, 16], seed: 2)
        let v = Tensor.random([3, 31, 24], seed: 3)
        let together = attention(queries: q, keys: k, values: v, heads: 2, scale: 0.5)
        for i in 0..<3 {
            #expect(
                together[i]
                    == attention(queries: q[i], keys: k[i], values: v[i], heads: 2, scale: 0.5))
        }
    }

    /// As in PyTorch: the softmax of a row of minus infinities is not a number, and other rows are not
    /// affected.
    @Test func queriesWithoutKeysAreNaN() {
        let q = Tensor.random([4, 8], seed: 1)
        let k = Tensor.random([20, 8], seed: 2)
        let padded = attention(
            queries: q, keys: k, values: k, heads: 1, scale: 1,
            keyPaddingMask: Tensor([Bool](repeating: true, count: 20)))
        #expect(padded.scalars.allSatisfy { $0.isNaN })

        let x = Tensor.random([5, 8], seed: 3)
        let alone = attention(
            queries: x, keys: x, values: x, heads: 1, scale: 1, excludingOwnGroupOf: 8)
        #expect(alone.scalars.allSatisfy { $0.isNaN })
    }

    /// A key block without any allowed key must not spoil the sums, before or after others.
    @Test func maskedBlocks() {
        let m = 1600
        let q = Tensor.random([7, 16], seed: 1)
        let k = Tensor.random([m, 16], seed: 2)
        for allowed in [0..<3, 700..<710, 1590..<1600] {
            let padding = (0..<m).map { !allowed.contains($0) }
            let found = attention(
                queries: q, keys: k, values: k, heads: 1, scale: 1,
                keyPaddingMask: Tensor(padding))
            let expected = Naive.attention(
                queries: q, keys: k, values: k, heads: 1, scale: 1, keyPaddingMask: padding)
            #expect(largestDifference(found, expected) < 3e-6)
        }
    }
}
