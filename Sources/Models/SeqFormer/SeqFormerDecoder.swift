import Checkpoints
import Layers
import Tensor

/// SeqFormer's decoder: learned queries, one for an instance of the whole video, and the boxes that they
/// find in each frame.
///
/// Paper section 3.2; `DeformableTransformerDecoder` in `models/deformable_transformer.py`.
struct SeqFormerDecoder: Sendable {
    /// What the decoder gives.
    struct Output: Sendable {
        /// The instances' queries, `[queries, channels]`.
        let instances: Tensor<Float>
        /// `[frames, queries, 4]`, the boxes after the last layer.
        let boxes: Tensor<Float>
        /// `[frames, queries, 2 or 4]`, the boxes (points, where there is one layer) before it.
        let references: Tensor<Float>
    }

    private let queryEmbedding: Tensor<Float>
    private let references: Linear
    private let layers: [SeqFormerDecoderLayer]
    private let refinements: [BoxRefinement]
    private let channels: Int

    /// Takes the tensors from the scope `detr`.
    init(_ weights: WeightScope, _ configuration: SeqFormerConfiguration) throws {
        channels = configuration.hiddenDimension
        let transformer = weights["transformer"]
        queryEmbedding = try weights["query_embed"].tensor(
            "weight", shape: [configuration.queries, 2 * channels])
        references = try Linear(transformer["reference_points"], inputs: channels, outputs: 2)
        layers = try (0..<configuration.decoderLayers).map {
            try SeqFormerDecoderLayer(transformer["decoder"]["layers", $0], configuration)
        }
        refinements = try (0..<configuration.decoderLayers).map {
            try BoxRefinement(
                weights["bbox_embed", $0], channels: configuration.hiddenDimension)
        }
        // The same modules, stored a second time.
        transformer["decoder"].ignoreAll(below: "bbox_embed")
    }

    /// The instances of `frames`.
    func callAsFunction(_ frames: [SeqFormerFrame], recorder: Recorder?) -> Output {
        let memories = frames.map { $0.layout.pyramid(of: $0.memory.expandedDimensions(axis: 0)) }
        let positions = queryEmbedding.sliced(axis: 1, 0..<channels).contiguous()
        let target = queryEmbedding.sliced(axis: 1, channels..<2 * channels).contiguous()
        let points = sigmoid(references(positions))
        recorder?.record("init_reference") { points }

        var queries = SeqFormerDecoderLayer.Queries(instances: target, boxes: target)
        var boxes = stacked([Tensor](repeating: points, count: frames.count))
        var last = boxes
        var layerRecords = LayerRecords(recorder)
        for (layer, refinement) in zip(layers, refinements) {
            last = boxes
            let weights: Tensor<Float>
            (queries, weights) = layer(
                queries, positions: positions, references: boxes, memories: memories)
            boxes = refinement(queries.boxes, references: boxes)
            layerRecords.keep(queries.instances, as: "hs")
            layerRecords.keep(queries.boxes, as: "hs_box")
            layerRecords.keep(weights, as: "time_weights")
            layerRecords.keep(boxes, as: "inter_references")
        }
        layerRecords.finish()
        recorder?.record("hs_last") { queries.instances }
        return Output(instances: queries.instances, boxes: boxes, references: last)
    }
}

/// Collects what every layer of a decoder gives, which the official code returns stacked.
private struct LayerRecords {
    private let recorder: Recorder?
    private var kept: [String: [Tensor<Float>]] = [:]

    init(_ recorder: Recorder?) { self.recorder = recorder }

    mutating func keep(_ tensor: Tensor<Float>, as name: String) {
        guard let recorder, recorder.wants(name) else { return }
        kept[name, default: []].append(tensor)
    }

    func finish() {
        for (name, tensors) in kept { recorder?.record(name) { stacked(tensors) } }
    }
}
