import Checkpoints
import Layers
import Tensor

/// A layer of SeqFormer's decoder. The box queries of each frame look at their frame; what they find is
/// gathered over the frames into one query of the instance.
///
/// Paper section 3.2; `DeformableTransformerDecoderLayer` in `models/deformable_transformer.py`. The
/// names of tensors of the box branch end in `_box`.
struct SeqFormerDecoderLayer: Sendable {
    private let selfAttention: MultiHeadAttention
    private let boxSelfAttention: MultiHeadAttention
    private let selfNorm: LayerNorm
    private let boxSelfNorm: LayerNorm
    private let crossAttention: MultiScaleDeformableAttention
    private let boxProjection: Linear
    private let crossNorm: LayerNorm
    private let boxCrossNorm: LayerNorm
    private let frameWeights: Linear
    private let feedForward: FeedForward
    private let boxFeedForward: FeedForward
    private let norm: LayerNorm
    private let boxNorm: LayerNorm

    /// The queries between two layers.
    struct Queries: Sendable {
        /// The instances', `[queries, channels]`.
        var instances: Tensor<Float>
        /// The boxes', `[queries, channels]` before the first layer, then `[frames, queries, channels]`.
        var boxes: Tensor<Float>
    }

    init(_ weights: WeightScope, _ configuration: SeqFormerConfiguration) throws {
        let channels = configuration.hiddenDimension
        let hidden = configuration.feedForwardDimension
        func norm(_ name: String) throws -> LayerNorm {
            try LayerNorm(weights[name], channels: channels)
        }
        func attention(_ name: String) throws -> MultiHeadAttention {
            try MultiHeadAttention(weights[name], channels: channels, heads: configuration.heads)
        }
        selfAttention = try attention("self_attn")
        boxSelfAttention = try attention("self_attn_box")
        selfNorm = try norm("norm2")
        boxSelfNorm = try norm("norm2_box")
        crossAttention = try MultiScaleDeformableAttention(
            weights["cross_attn"], channels: channels, heads: configuration.heads,
            levels: configuration.levels, points: configuration.points)
        boxProjection = try Linear(
            weights["cross_attn"]["output_proj_box"], inputs: channels, outputs: channels)
        crossNorm = try norm("norm1")
        boxCrossNorm = try norm("norm1_box")
        frameWeights = try Linear(
            weights["time_attention_weights"], inputs: channels, outputs: 1)
        feedForward = try FeedForward(weights, channels: channels, hidden: hidden)
        boxFeedForward = try FeedForward(
            weights, channels: channels, hidden: hidden, names: ("linear1_box", "linear2_box"))
        self.norm = try norm("norm3")
        boxNorm = try norm("norm3_box")
    }

    /// The queries after the layer, and the weight of each frame in each instance, `[frames, queries]`.
    ///
    /// - Parameters:
    ///   - positions: `[queries, channels]`, added to queries where they ask.
    ///   - references: `[frames, queries, 2]` points or `[frames, queries, 4]` boxes, shares of the valid
    ///     area.
    ///   - memories: the pyramid of each frame.
    func callAsFunction(
        _ queries: Queries, positions: Tensor<Float>, references: Tensor<Float>,
        memories: some RandomAccessCollection<TokenPyramid>
    ) -> (queries: Queries, frameWeights: Tensor<Float>) {
        let placed = queries.instances + positions
        let instances = selfNorm(
            selfAttention(
                queries: placed, keys: placed, values: queries.instances,
                residual: queries.instances))
        var boxes = aware(queries.boxes, positions: positions)

        let asking = boxes + positions
        let found = concatenated(
            memories.enumerated().map { frame, memory in
                crossAttention.sampled(
                    queries: asking.rank == 3 ? asking[frame..<frame + 1] : asking,
                    references: references[frame..<frame + 1], memory: memory)
            }, axis: 0)
        boxes = boxCrossNorm(boxProjection(found) + boxes)
        boxes = boxNorm(boxFeedForward(boxes, residual: boxes))

        let weights = softmax(frameWeights(boxes), axis: 0)
        let gathered = (crossAttention.projected(found) * weights).sum(axis: 0)
        let informed = crossNorm(instances + gathered)
        return (
            Queries(instances: norm(feedForward(informed, residual: informed)), boxes: boxes),
            weights.squeezed(axis: 2)
        )
    }

    /// The box queries of a frame, or of each, after looking at each other; of the same shape.
    func aware(_ boxes: Tensor<Float>, positions: Tensor<Float>) -> Tensor<Float> {
        let placed = boxes + positions
        return boxSelfNorm(
            boxSelfAttention(queries: placed, keys: placed, values: boxes, residual: boxes))
    }
}
