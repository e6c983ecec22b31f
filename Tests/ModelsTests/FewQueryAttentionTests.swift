import Checkpoints
import Layers
import Models
import Tensor
import TestSupport
import Testing

@Suite struct FewQueryAttentionTests {
    /// Attention that projects its keys and values is the slow twin.
    ///
    /// Both round differently: scores and means of up to 384 products of order 1 differ by a few 1e-6.
    @Test(arguments: [(1, 8, 1), (6, 48, 8), (5, 24, 3), (8, 384, 8)], [1, 7, 300])
    func equalsMultiHeadAttention(size: (queries: Int, channels: Int, heads: Int), tokens: Int)
        throws
    {
        let channels = size.channels
        let spread = (3 / Float(channels)).squareRoot()
        let weights = WeightScope(
            try SyntheticWeights([
                .init(
                    name: "in_proj_weight", shape: [3 * channels, channels], base: 0, scale: spread),
                .init(name: "in_proj_bias", shape: [3 * channels], base: 0, scale: 0.5),
                .init(
                    name: "out_proj.weight", shape: [channels, channels], base: 0, scale: spread),
                .init(name: "out_proj.bias", shape: [channels], base: 0, scale: 0.5),
            ]))
        let plain = try MultiHeadAttention(weights, channels: channels, heads: size.heads)
        let carried = try FewQueryAttention(weights, channels: channels, heads: size.heads)
        var generator = SeededRandom(UInt64(tokens * 1000 + channels))
        let queries = Tensor<Float>.random([size.queries, channels], using: &generator)
        let keys = Tensor<Float>.random([tokens, channels], using: &generator)
        let values = Tensor<Float>.random([tokens, channels], using: &generator)
        let mask = Tensor((0..<tokens).map { $0 % 3 == 1 })
        for keyPaddingMask in [nil, mask] {
            let expected = plain(
                queries: queries, keys: keys, values: values, keyPaddingMask: keyPaddingMask,
                residual: queries)
            let found = carried(
                queries: queries, keys: keys, values: values, keyPaddingMask: keyPaddingMask,
                residual: queries)
            #expect(found.largestDifference(from: expected) < 1e-5)
        }
    }
}
