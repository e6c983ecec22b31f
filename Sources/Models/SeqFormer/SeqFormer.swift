import Checkpoints
import Layers
import Tensor

/// SeqFormer: instances of a whole video at once. An encoder sees each frame by itself; queries that all
/// frames share look at every frame and gather what they find into one mask head per instance.
///
/// J. Wu, Y. Jiang, S. Bai, W. Zhang, X. Bai, "SeqFormer: Sequential Transformer for Video Instance
/// Segmentation", ECCV 2022. It computes what the official code does with an official checkpoint, under
/// that checkpoint's names, but only what inference needs: the heads of the last layer, the masks of the
/// queries that are asked for.
///
/// Frames never mix before the decoder: `features(of:paddingMask:)` can be called for a few frames at a
/// time, and what it gives can be decoded in any selection.
public struct SeqFormer: Sendable {
    /// The sizes and options of this model.
    public let configuration: SeqFormerConfiguration

    let frameEncoder: SeqFormerFrameEncoder
    let decoder: SeqFormerDecoder
    let maskHead = DynamicMaskHead(stride: 8)
    private let classifier: Linear
    private let controller: MultiLayerPerceptron

    /// Takes the tensors of a model from `weights`, the root of a checkpoint.
    ///
    /// Tensors that the official code stores but does not use, or stores twice, are marked as such. Call
    /// `weights.finish()` afterwards for the report.
    ///
    /// - Throws: ``ConfigurationError`` for a configuration that cannot be, `CheckpointError` where
    ///   tensors cannot be read.
    public init(_ configuration: SeqFormerConfiguration, weights: WeightScope) throws {
        try configuration.validate()
        self.configuration = configuration
        let weights = weights.renaming(configuration.renames)
        let channels = configuration.hiddenDimension
        let last = configuration.decoderLayers - 1
        frameEncoder = try SeqFormerFrameEncoder(weights, configuration)
        decoder = try SeqFormerDecoder(weights["detr"], configuration)
        classifier = try Linear(
            weights["detr"]["class_embed", last], inputs: channels, outputs: configuration.classes)
        // Training looks at the classes after every layer.
        for layer in 0..<last { weights["detr"]["class_embed", layer].ignoreAll() }
        controller = try MultiLayerPerceptron(
            weights["controller"],
            channels: [channels, channels, channels, DynamicMaskHead.parameterCount])
    }

    /// What is kept of each of `frames`, `[frames, height, width, 3]`, normalised.
    ///
    /// - Parameter paddingMask: `[height, width]`, true where a pixel of every frame is padding.
    public func features(
        of frames: Tensor<Float>, paddingMask: Tensor<Bool>? = nil, recorder: Recorder? = nil
    ) -> [SeqFormerFrame] {
        precondition(
            frames.rank == 4 && frames.shape[3] == 3,
            "SeqFormer: frames \(frames.shape) are not [frames, height, width, 3]")
        precondition(
            paddingMask.map { $0.shape == Array(frames.shape[1..<3]) } ?? true,
            "SeqFormer: a padding mask \(paddingMask?.shape ?? []) for frames \(frames.shape)")
        return frameEncoder(frames, paddingMask: paddingMask, recorder: recorder)
    }

    /// The instances of a video or a clip.
    ///
    /// - Parameters:
    ///   - frames: what `features(of:paddingMask:)` gave for its frames, all of one size.
    ///   - imageSize: the height and width of the network's input without its padding.
    public func decode(
        _ frames: [SeqFormerFrame], imageSize: MapSize, recorder: Recorder? = nil
    ) -> SeqFormerOutput {
        precondition(!frames.isEmpty, "SeqFormer: no frames to decode")
        let decoded = recorder.stage("decoder") { decoder(frames, recorder: recorder) }
        return recorder.stage("heads") {
            let scale = Tensor([Float(imageSize.width), Float(imageSize.height)])
            let centers = decoded.references.sliced(axis: 2, 0..<2)
            let output = SeqFormerOutput(
                logits: classifier(decoded.instances), boxes: decoded.boxes,
                maskParameters: controller(decoded.instances),
                references: sigmoid(inverseSigmoid(centers)) * scale)
            recorder?.record("mask_params") { output.maskParameters }
            recorder?.record("pred_logits") { output.logits }
            recorder?.record("pred_boxes") { output.boxes }
            recorder?.record("pred_masks") {
                masks(of: Array(0..<configuration.queries), output: output, frames: frames)
            }
            return output
        }
    }

    /// The mask logits of some queries in each frame, `[queries, frames, height, width]`, at stride 4.
    ///
    /// Frame `t` of `output` is `frames[t]`.
    public func masks(
        of queries: [Int], output: SeqFormerOutput, frames: [SeqFormerFrame]
    ) -> Tensor<Float> {
        precondition(
            frames.count == output.references.shape[0],
            "SeqFormer: \(frames.count) frames where \(output.references.shape[0]) were decoded")
        let parameters = takeRows(output.maskParameters, queries)
        return stacked(
            frames.indices.map { frame in
                masks(
                    of: frames[frame], parameters: parameters,
                    references: takeRows(output.references[frame], queries))
            }, axis: 1)
    }

    /// The mask logits of some instances in one frame, `[instances, height, width]`, at stride 4.
    ///
    /// - Parameters:
    ///   - parameters: of the instances' mask heads, `[instances, 169]`.
    ///   - references: `[instances, 2]`, the points that they measure from in this frame.
    public func masks(
        of frame: SeqFormerFrame, parameters: Tensor<Float>, references: Tensor<Float>
    ) -> Tensor<Float> {
        alignedBilinear(
            maskHead(frame.maskFeatures, parameters: parameters, references: references), factor: 2)
    }
}
