import Checkpoints
import Tensor

/// Multi-scale deformable attention (Zhu et al. 2021, Deformable DETR, section 4.1; the module
/// `MSDeformAttn` of the official code), for one frame or many at once.
///
/// A query does not look at all tokens. From its features alone come, for each head, a few points on
/// each map of a pyramid and their weights; the head sums the values at these points.
public struct MultiScaleDeformableAttention: Sendable {
    private let valueProjection: Linear
    private let samplingOffsets: Linear
    private let attentionWeights: Linear
    private let outputProjection: Linear
    private let heads: Int

    /// Takes `value_proj`, `sampling_offsets`, `attention_weights` and `output_proj`, each a linear layer
    /// with bias.
    public init(
        _ weights: WeightScope, channels: Int, heads: Int, levels: Int, points: Int
    ) throws {
        precondition(
            heads > 0 && channels % heads == 0 && levels > 0 && points > 0,
            "MultiScaleDeformableAttention: \(channels) channels in \(heads) heads of \(levels) "
                + "levels with \(points) points")
        let samples = heads * levels * points
        valueProjection = try Linear(
            weights["value_proj"], inputs: channels, outputs: channels)
        samplingOffsets = try Linear(
            weights["sampling_offsets"], inputs: channels, outputs: 2 * samples)
        attentionWeights = try Linear(
            weights["attention_weights"], inputs: channels, outputs: samples)
        outputProjection = try Linear(
            weights["output_proj"], inputs: channels, outputs: channels)
        self.heads = heads
    }

    /// What each query gathers from the pyramid of each frame, projected.
    ///
    /// - Parameters:
    ///   - queries: `[frames, queries, channels]`, or `[queries, channels]` where all frames are asked the
    ///     same. They do not mix.
    ///   - references: `[(frames,) queries, 2]`: the points (x, y) around which queries look, as shares of
    ///     the valid area, or `[(frames,) queries, 4]`: boxes (x and y of the centre, width, height).
    ///     The pyramid's valid ratios are multiplied to them here.
    ///   - memory: The pyramid that is read. Padding counts as zeros.
    ///   - residual: Added to the result; of its shape.
    /// - Returns: `[frames, queries, channels]`.
    public func callAsFunction(
        queries: Tensor<Float>, references: Tensor<Float>, memory: TokenPyramid,
        residual: Tensor<Float>? = nil
    ) -> Tensor<Float> {
        outputProjection(
            sampled(queries: queries, references: references, memory: memory), residual: residual)
    }

    /// What each query gathers before the output projection: for layers that have more than one.
    ///
    /// The parameters are those of the call. Returns `[frames, queries, channels]`.
    public func sampled(
        queries: Tensor<Float>, references: Tensor<Float>, memory: TokenPyramid
    ) -> Tensor<Float> {
        deformableSampling(
            values: values(of: memory), levels: memory.levels, offsets: samplingOffsets(queries),
            logits: attentionWeights(queries), references: references,
            validRatios: memory.validRatios)
    }

    /// The output projection, of what `sampled` returned; `residual` is of the result's shape.
    public func projected(
        _ sampled: Tensor<Float>, residual: Tensor<Float>? = nil
    ) -> Tensor<Float> {
        outputProjection(sampled, residual: residual)
    }

    /// The projected tokens `[frames, tokens, heads, width]`, zero where they are padding.
    private func values(of memory: TokenPyramid) -> Tensor<Float> {
        var values = valueProjection(memory.tokens)
        let channels = values.shape[2]
        if let mask = memory.paddingMask, values.isTraced {
            let kept = Tensor(mask.scalars.map { $0 ? 0 : Float(1) }, shape: mask.shape)
            values = values * kept.expandedDimensions(axis: 2)
        } else if let mask = memory.paddingMask {
            values.withUnsafeMutableBuffer { values in
                for (token, isPadding) in mask.scalars.enumerated() where isPadding {
                    values[token * channels..<(token + 1) * channels].update(repeating: 0)
                }
            }
        }
        return values.reshaped(values.shape[0], values.shape[1], heads, channels / heads)
    }
}
