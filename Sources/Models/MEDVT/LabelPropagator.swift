import Checkpoints
import Layers
import Tensor

/// Refines logits by letting the encoded labels of similar places in other frames vote.
///
/// Paper section 3.4; `LabelPropagator` in `avos/models/label_propagation.py`. No matrix of all pairs of
/// tokens ever exists.
struct LabelPropagator: Sendable {
    private let oneWay: Bool
    private let scale: Double
    private let encoder: LabelEncoder
    private let selfAttention: PropagationAttention
    private let crossAttention: PropagationAttention
    private let mixing: Conv3d
    private let norm: GroupNorm
    private let output: Conv3d

    init(
        _ weights: WeightScope, mode: MEDVTConfiguration.LabelPropagationMode, scale: Double,
        channels: Int, keyChannels: Int, classes: Int
    ) throws {
        let width = LabelEncoder.channels
        oneWay = mode == .oneWay
        self.scale = scale
        encoder = try LabelEncoder(weights["label_encoder"], classes: classes)
        let layer = weights["prop_layer"]
        selfAttention = try PropagationAttention(
            layer["self_attn"], channels: channels, keyChannels: keyChannels,
            valueChannels: oneWay ? channels : nil)
        crossAttention = try PropagationAttention(
            layer["cross_attn"], channels: channels, keyChannels: keyChannels,
            valueChannels: oneWay ? width : nil)
        let decoder = weights["label_decoder"]
        mixing = try Conv3d(
            decoder["0"], inputChannels: width, outputChannels: width, kernelSize: (3, 3, 3),
            padding: (1, 1, 1))
        norm = try GroupNorm(decoder["1"], groups: 4, channels: width)
        output = try Conv3d(
            decoder["3"], inputChannels: width, outputChannels: classes, kernelSize: (1, 1, 1),
            padding: (0, 0, 0))
    }

    /// The size of the maps that labels are propagated on, for logits of the given size.
    func propagationSize(height: Int, width: Int) -> (height: Int, width: Int) {
        let (height, width) = enlargedSize(height: height, width: width)
        return (LabelEncoder.encodedLength(height), LabelEncoder.encodedLength(width))
    }

    private func enlargedSize(height: Int, width: Int) -> (height: Int, width: Int) {
        (Int(Double(height) * scale), Int(Double(width) * scale))
    }

    /// Refined logits, `[frames, h, w, classes]`, at the propagation size.
    ///
    /// - Parameters:
    ///   - logits: `[frames, height, width, classes]`.
    ///   - features: `[frames, h, w, channels]` at the propagation size.
    func callAsFunction(
        _ logits: Tensor<Float>, features: Tensor<Float>, recorder: Recorder?
    ) -> Tensor<Float> {
        let labels = encoded(logits)
        recorder?.record("lprop.label_enc") {
            labels.transposed(0, 3, 1, 2).expandedDimensions(axis: 0)
        }
        let propagated =
            oneWay
            ? propagatedToLast(labels, features, recorder) : propagated(labels, features, recorder)
        let mixed = norm(mixing(propagated).expandedDimensions(axis: 0), activation: .relu)
        let refined = output(mixed.squeezed(axis: 0))
        recorder?.record("lprop.out") { refined.batchedVolume }
        return refined
    }

    /// The encoded labels, frame by frame: an enlarged frame is wide, and no two are needed at once.
    private func encoded(_ logits: Tensor<Float>) -> Tensor<Float> {
        let size = enlargedSize(height: logits.shape[1], width: logits.shape[2])
        let frames = (0..<logits.shape[0]).map { frame in
            encoder(
                resizedNearest(logits[frame..<frame + 1], height: size.height, width: size.width))
        }
        return concatenated(frames, axis: 0)
    }

    /// Labels that each frame gathers from all the others (mode 2).
    private func propagated(
        _ labels: Tensor<Float>, _ features: Tensor<Float>, _ recorder: Recorder?
    ) -> Tensor<Float> {
        let frameTokens = features.shape[1] * features.shape[2]
        let memory = features.reshaped(-1, features.shape[3])
        let gathered = selfAttention(
            among: memory, values: memory, excludingFramesOf: frameTokens)
        recorder?.record("lprop.self_attn") { gathered.batchedTokens }
        let queries = normalizedPerFrame(memory + gathered, like: features)
        let votes = crossAttention(
            queries: queries, memory: memory, values: labels.reshaped(-1, labels.shape[3]),
            excludingFramesOf: frameTokens)
        recorder?.record("lprop.cross_attn") { votes.batchedTokens }
        let result = normalizedPerFrame(votes, like: labels).reshaped(labels.shape)
        recorder?.record("lprop.prop") { result.transposed(0, 3, 1, 2).expandedDimensions(axis: 1) }
        return result
    }

    /// All labels, those of the last frame averaged with what it gathers from the others (mode 1).
    private func propagatedToLast(
        _ labels: Tensor<Float>, _ features: Tensor<Float>, _ recorder: Recorder?
    ) -> Tensor<Float> {
        let last = features.shape[0] - 1
        let current = features[last..<last + 1]
        let tokens = current.reshaped(-1, features.shape[3])
        let gathered = selfAttention(
            among: tokens, values: tokens, excludingFramesOf: nil)
        recorder?.record("lprop.self_attn") { gathered.batchedTokens }
        let queries = normalizedPerFrame(tokens + gathered, like: current)
        let votes = crossAttention(
            queries: queries, memory: features[0..<last].reshaped(-1, features.shape[3]),
            values: labels[0..<last].reshaped(-1, labels.shape[3]), excludingFramesOf: nil)
        recorder?.record("lprop.cross_attn") { votes.batchedTokens }
        let own = labels[last..<last + 1]
        let voted = votes.reshaped(own.shape)
        recorder?.record("lprop.prop") { voted.transposed(0, 3, 1, 2).expandedDimensions(axis: 1) }
        return concatenated([labels[0..<last], (own + voted) * 0.5], axis: 0)
    }

    /// `tokens` with each channel normalised over each frame of a map like `map`; `[tokens, channels]`.
    private func normalizedPerFrame(
        _ tokens: Tensor<Float>, like map: Tensor<Float>
    ) -> Tensor<Float> {
        let frames = tokens.reshaped(map.shape[0], -1, map.shape[3])
        return groupNorm(frames, groups: map.shape[3], weight: nil, bias: nil)
            .reshaped(tokens.shape)
    }
}
