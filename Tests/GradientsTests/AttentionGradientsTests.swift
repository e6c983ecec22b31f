import Gradients
import Tensor
import TestSupport
import Testing

struct AttentionCase: CustomStringConvertible, Sendable {
    var queries, keys, heads, keyWidth, valueWidth: Int
    var hasBias = false
    var masksSome = false
    var groupSize: Int?

    var description: String {
        "\(queries) queries, \(keys) keys, \(heads) heads of \(keyWidth) and \(valueWidth)"
            + (hasBias ? ", bias" : "") + (masksSome ? ", mask" : "")
            + (groupSize.map { ", groups of \($0)" } ?? "")
    }
}

@Suite struct AttentionGradientsTests {
    /// Probabilities and their gradients are a few roundings off; sums have up to a hundred terms.
    @Test(arguments: [
        AttentionCase(queries: 1, keys: 1, heads: 1, keyWidth: 1, valueWidth: 1),
        AttentionCase(queries: 5, keys: 7, heads: 2, keyWidth: 3, valueWidth: 5, hasBias: true),
        AttentionCase(queries: 9, keys: 9, heads: 3, keyWidth: 8, valueWidth: 8, groupSize: 3),
        AttentionCase(queries: 8, keys: 19, heads: 1, keyWidth: 6, valueWidth: 2, masksSome: true),
        AttentionCase(
            queries: 70, keys: 11, heads: 2, keyWidth: 2, valueWidth: 3, hasBias: true,
            masksSome: true),
        AttentionCase(queries: 70, keys: 3, heads: 9, keyWidth: 1, valueWidth: 1),
    ])
    func matchesDifferences(_ test: AttentionCase) {
        var generator = SeededRandom(21)
        let q = generator.tensor([test.queries, test.heads * test.keyWidth], in: -2...2)
        let k = generator.tensor([test.keys, test.heads * test.keyWidth], in: -2...2)
        let v = generator.tensor([test.keys, test.heads * test.valueWidth])
        let g = generator.tensor([test.queries, test.heads * test.valueWidth])
        let bias =
            test.hasBias ? generator.tensor([test.heads, test.queries, test.keys]) : nil
        let mask = test.masksSome ? (0..<test.keys).map { $0 % 3 == 1 } : nil
        let scale: Float = 0.7
        let result = attention(
            queries: q, keys: k, values: v, heads: test.heads, scale: scale, bias: bias,
            keyPaddingMask: mask.map { Tensor($0) }, excludingOwnGroupOf: test.groupSize)
        let found = attentionGradients(
            queries: q, keys: k, values: v, heads: test.heads, scale: scale, bias: bias,
            keyPaddingMask: mask.map { Tensor($0) }, excludingOwnGroupOf: test.groupSize,
            result: result, gradient: g, wantsBias: test.hasBias)
        func loss(
            _ q: Tensor<Float>, _ k: Tensor<Float>, _ v: Tensor<Float>, _ bias: Tensor<Float>?
        ) -> Double {
            weightedSum(
                g,
                Naive.attention(
                    queries: q, keys: k, values: v, heads: test.heads, scale: scale, bias: bias,
                    keyPaddingMask: mask, excludingOwnGroupOf: test.groupSize))
        }
        let byQueries = centralDifferences(at: q) { loss($0, k, v, bias) }
        #expect(gradientError(found.queries, byQueries) < 5e-6)
        let byKeys = centralDifferences(at: k) { loss(q, $0, v, bias) }
        #expect(gradientError(found.keys, byKeys) < 5e-6)
        let byValues = centralDifferences(at: v, step: 0.5) { loss(q, k, $0, bias) }
        #expect(gradientError(found.values, byValues) < 5e-6)
        guard let bias else {
            #expect(found.bias == nil)
            return
        }
        let byBias = centralDifferences(at: bias) { loss(q, k, v, $0) }
        #expect(found.bias?.shape == bias.shape)
        #expect(gradientError(found.bias, byBias) < 5e-6)
    }

    /// Keys that are queries too get both shares. Scores are up to 10 here.
    @Test func mutualAttentionMatchesDifferences() {
        var generator = SeededRandom(23)
        let (tokens, scale, groupSize) = (23, Float(10), 5)
        let k = generator.tensor([tokens, 4], in: -0.5...0.5).asParameter()
        let v = generator.tensor([tokens, 3]).asParameter()
        let g = generator.tensor([tokens, 3])
        let found = gradients(
            of: mutualAttention(
                keys: k, values: v, scale: scale, excludingOwnGroupOf: groupSize),
            weightedBy: g, withRespectTo: [k, v])
        func loss(_ k: Tensor<Float>, _ v: Tensor<Float>) -> Double {
            weightedSum(
                g,
                Naive.attention(
                    queries: k, keys: k, values: v, heads: 1, scale: scale,
                    excludingOwnGroupOf: groupSize))
        }
        let byKeys = centralDifferences(at: k.detached()) { loss($0, v) }
        #expect(gradientError(found[0], byKeys) < 5e-6)
        let byValues = centralDifferences(at: v.detached(), step: 0.5) { loss(k, $0) }
        #expect(gradientError(found[1], byValues) < 5e-6)
    }

    /// A batch is its elements one by one; a bias gets the sum. The split over the pool differs, and with it
    /// the order of sums of a hundred terms.
    @Test func batchesAreElements() {
        let (batch, heads, count, width) = (3, 2, 100, 12)
        let operands = (0..<3).map { Tensor.random([batch, count, width], seed: UInt64($0)) }
        let bias = Tensor.random([heads, count, count], seed: 7)
        let g = Tensor.random([batch, count, width], seed: 8)
        func gradients(_ select: (Tensor<Float>) -> Tensor<Float>) -> (
            queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>, bias: Tensor<Float>?
        ) {
            let (q, k, v) = (select(operands[0]), select(operands[1]), select(operands[2]))
            let result = attention(
                queries: q, keys: k, values: v, heads: heads, scale: 0.5, bias: bias)
            return attentionGradients(
                queries: q, keys: k, values: v, heads: heads, scale: 0.5, bias: bias,
                keyPaddingMask: nil, excludingOwnGroupOf: nil, result: result, gradient: select(g),
                wantsBias: true)
        }
        let whole = gradients { $0 }
        let parts = (0..<batch).map { index in gradients { $0[index] } }
        #expect(whole.queries.largestDifference(from: stacked(parts.map(\.queries))) < 1e-5)
        #expect(whole.keys.largestDifference(from: stacked(parts.map(\.keys))) < 1e-5)
        #expect(whole.values.largestDifference(from: stacked(parts.map(\.values))) < 1e-5)
        let sum = parts.compactMap(\.bias).reduce(Tensor(zeros: bias.shape)) { $0 + $1 }
        #expect((whole.bias?.largestDifference(from: sum) ?? .infinity) < 1e-5)
    }

    /// More keys and queries than one pass takes, along random directions: sums of 1e5 terms, whose rounding
    /// is some 1e-5 of their size.
    @Test(arguments: [nil, 100])
    func manyKeysMatchDifferencesAlongDirections(groupSize: Int?) {
        var generator = SeededRandom(22)
        let (queries, keys, heads, width) = (110, 1_061, 2, 24)
        let operands = [queries, keys, keys].map { generator.tensor([$0, heads * width]) }
        let g = generator.tensor([queries, heads * width])
        let result = attention(
            queries: operands[0], keys: operands[1], values: operands[2], heads: heads, scale: 0.5,
            excludingOwnGroupOf: groupSize)
        let found = attentionGradients(
            queries: operands[0], keys: operands[1], values: operands[2], heads: heads, scale: 0.5,
            bias: nil, keyPaddingMask: nil, excludingOwnGroupOf: groupSize, result: result,
            gradient: g, wantsBias: false)
        for (index, gradient) in [found.queries, found.keys, found.values].enumerated() {
            let direction = gradient * generator.tensor(gradient.shape, in: 0...2)
            let expected = weightedSum(gradient, direction)
            // A change of about 0.02.
            let step = Float(0.01 / expected)
            func loss(_ step: Float) -> Double {
                var moved = operands
                moved[index] = operands[index] + direction * step
                return weightedSum(
                    g,
                    Naive.attention(
                        queries: moved[0], keys: moved[1], values: moved[2], heads: heads,
                        scale: 0.5, excludingOwnGroupOf: groupSize))
            }
            let slope = (loss(step) - loss(-step)) / Double(2 * step)
            #expect(abs(slope / expected - 1) < 2e-4)
        }
    }
}
