import Checkpoints
import Kernels
import Tensor

/// A layer of Deformable DETR's encoder (Zhu et al. 2021): tokens of all levels look at a few points of all
/// levels, then go through a feed-forward network. Norms follow, each after its residual.
///
/// All in one pass, a few tokens at a time; where the weights are parameters whose gradient somebody wants, the
/// operations follow one another instead.
///
/// `DeformableTransformerEncoderLayer` in `models/deformable_transformer.py`.
public struct DeformableEncoderLayer: Sendable {
    private enum Form {
        case fused(DeformableEncoderWeights)
        case composed(
            attention: MultiScaleDeformableAttention, attentionNorm: LayerNorm,
            feedForward: FeedForward, norm: LayerNorm)
    }

    private let channels: Int
    private let levels: Int
    private let form: Form

    /// Takes `self_attn` (`value_proj`, `sampling_offsets`, `attention_weights`, `output_proj`), `norm1`,
    /// `linear1`, `linear2` and `norm2`.
    public init(
        _ weights: WeightScope, channels: Int, heads: Int, levels: Int, points: Int, hidden: Int,
        epsilon: Float = 1e-5
    ) throws {
        precondition(
            heads > 0 && channels % heads == 0 && levels > 0 && points > 0 && hidden > 0,
            "DeformableEncoderLayer: \(channels) channels in \(heads) heads of \(levels) levels "
                + "with \(points) points, \(hidden) hidden channels")
        let attention = weights["self_attn"]
        let samples = heads * levels * points
        self.channels = channels
        self.levels = levels
        let lastBias = try weights.tensor("norm2.bias", shape: [channels])
        guard !lastBias.isTraced else {
            form = .composed(
                attention: try MultiScaleDeformableAttention(
                    attention, channels: channels, heads: heads, levels: levels, points: points),
                attentionNorm: try LayerNorm(
                    weights["norm1"], channels: channels, epsilon: epsilon),
                feedForward: try FeedForward(weights, channels: channels, hidden: hidden),
                norm: LayerNorm(
                    weight: try weights.tensor("norm2.weight", shape: [channels]), bias: lastBias,
                    epsilon: epsilon))
            return
        }
        form = .fused(
            DeformableEncoderWeights(
                heads: heads, points: points,
                value: try LinearVectors(attention["value_proj"], channels, to: channels),
                offsets: try LinearVectors(
                    attention["sampling_offsets"], channels, to: 2 * samples),
                logits: try LinearVectors(attention["attention_weights"], channels, to: samples),
                output: try LinearVectors(attention["output_proj"], channels, to: channels),
                attentionNorm: try NormVectors(
                    weights["norm1"], channels: channels, epsilon: epsilon),
                first: try LinearVectors(weights["linear1"], channels, to: hidden),
                second: try LinearVectors(weights["linear2"], hidden, to: channels),
                norm: NormVectors(
                    weight: try weights.vector("norm2.weight", count: channels),
                    bias: lastBias.withUnsafeBuffer { FloatVector($0) }, epsilon: epsilon)))
    }

    /// The tokens of `pyramid` after the layer, `[frames, tokens, channels]`.
    ///
    /// - Parameters:
    ///   - positions: `[tokens, channels]`, added to the tokens where they ask.
    ///   - references: `[tokens, 2]`, where each token lies in the valid area: x, y.
    public func callAsFunction(
        _ pyramid: TokenPyramid, positions: Tensor<Float>, references: Tensor<Float>
    ) -> Tensor<Float> {
        let (frames, tokens, channels) = (
            pyramid.tokens.shape[0], pyramid.tokens.shape[1], pyramid.tokens.shape[2]
        )
        precondition(
            channels == self.channels && positions.shape == [tokens, channels]
                && references.shape == [tokens, 2] && pyramid.levels.count == levels,
            "DeformableEncoderLayer: tokens \(pyramid.tokens.shape) of \(pyramid.levels.count) levels, "
                + "positions \(positions.shape), references \(references.shape), where "
                + "\(self.channels) channels of \(levels) levels are expected")
        let ratios = pyramid.validRatios ?? Tensor(repeating: 1, shape: [levels, 2])
        precondition(
            ratios.shape == [levels, 2] || ratios.shape == [frames, levels, 2],
            "DeformableEncoderLayer: valid ratios \(ratios.shape) for \(frames) frames of \(levels) levels"
        )
        switch form {
        case .composed(let attention, let attentionNorm, let feedForward, let norm):
            let attended = attentionNorm(
                attention(
                    queries: pyramid.tokens + positions, references: references, memory: pyramid,
                    residual: pyramid.tokens))
            return norm(feedForward(attended, residual: attended))
        case .fused(let weights):
            return fused(
                weights, pyramid, positions: positions, references: references, ratios: ratios)
        }
    }

    private func fused(
        _ weights: DeformableEncoderWeights, _ pyramid: TokenPyramid, positions: Tensor<Float>,
        references: Tensor<Float>, ratios: Tensor<Float>
    ) -> Tensor<Float> {
        let (frames, tokens) = (pyramid.tokens.shape[0], pyramid.tokens.shape[1])
        return Tensor(shape: pyramid.tokens.shape) { result in
            guard let result = result.baseAddress, frames * tokens > 0 else { return }
            withStarts(of: [pyramid.tokens, positions, references, ratios]) { starts in
                let run = { (mask: UnsafePointer<Bool>?) in
                    DeformableEncoderBlock(
                        weights, levels: pyramid.sampledLevels, frames: frames, tokens: tokens,
                        positions: starts[1], references: starts[2],
                        validRatios: .init(
                            starts[3], frameStride: ratios.rank == 3 ? 2 * levels : 0),
                        paddingMask: mask
                    )(starts[0], into: result)
                }
                guard let mask = pyramid.paddingMask else { return run(nil) }
                mask.withUnsafeBuffer { run($0.baseAddress) }
            }
        }
    }
}

extension TokenPyramid {
    /// The levels as kernels know them.
    fileprivate var sampledLevels: [SampledLevel] {
        var start = 0
        return levels.map { size in
            defer { start += size.count }
            return SampledLevel(height: size.height, width: size.width, start: start)
        }
    }
}

/// Calls `body` with where the elements of each of `tensors` begin, in row-major order.
private func withStarts(
    of tensors: [Tensor<Float>], found: [UnsafePointer<Float>] = [],
    _ body: ([UnsafePointer<Float>]) -> Void
) {
    guard let next = tensors.first else { return body(found) }
    next.withUnsafeBuffer { elements in
        guard let start = elements.baseAddress else { return }
        withStarts(of: Array(tensors.dropFirst()), found: found + [start], body)
    }
}
