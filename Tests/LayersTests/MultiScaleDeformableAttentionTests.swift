import Checkpoints
import Layers
import Tensor
import TestSupport
import Testing

/// The encoder layer of SeqFormer around the attention, with padding and valid ratios; the case lies
/// beside the package.
@Suite struct MultiScaleDeformableAttentionTests {
    @Test func encoderLayerMatchesSeqFormer() throws {
        guard let path = ReferenceFolder.path("seqformer/modules/encoder_layer") else { return }
        let reference = try ReferenceCase(path: path)
        let weights = WeightScope(reference.weights)
        let attention = try MultiScaleDeformableAttention(
            weights["self_attn"], channels: 256, heads: 8, levels: 4, points: 4,
            hasBoxProjection: true)
        let (norm1, norm2) = (
            try LayerNorm(weights["norm1"], channels: 256),
            try LayerNorm(weights["norm2"], channels: 256)
        )
        let first = try Linear(weights["linear1"], inputs: 256, outputs: 1024)
        let second = try Linear(weights["linear2"], inputs: 1024, outputs: 256)
        try weights.finish()

        func input(_ name: String) throws -> Tensor<Float> {
            try reference.tensors.floats(name)[0]
        }
        let sizes = try reference.tensors.integers("spatial_shapes").scalars
        let levels = stride(from: 0, to: sizes.count, by: 2).map {
            MapSize(height: Int(sizes[$0]), width: Int(sizes[$0 + 1]))
        }
        let ratios = try input("valid_ratios")
        // The case's references are multiplied by the levels' ratios already.
        let references = try input("reference_points").sliced(axis: 1, 0..<1).squeezed(axis: 1)
        let mask = try reference.tensors.integers("padding_mask")[0]
        let source = try input("src")
        let memory = TokenPyramid(
            tokens: source, levels: levels,
            paddingMask: Tensor(mask.scalars.map { $0 != 0 }, shape: mask.shape),
            validRatios: ratios)
        let attended = norm1(
            attention(
                queries: source + (try input("pos")), references: references / ratios[0],
                memory: memory, residual: source))
        let y = norm2(second(first(attended, activation: .relu), residual: attended))
        // Ten times what single precision does to sums of 1024 products of normed values.
        #expect(largestDifference(y, try input("output")) < 3e-5)
    }
}
