import Checkpoints

/// Where the parts of a model are in an official checkpoint.
///
/// The two classes of official models name the same parts differently; this is the only place that
/// knows.
struct MEDVTScopes {
    let backbone: WeightScope
    /// The 1x1 convolutions to the width of the tokens, fine to coarse.
    let projections: [WeightScope]
    /// What is added to the projected levels.
    let frameDifferences: WeightScope
    /// A further one for the encoder's finer output, in the ResNet models.
    let lateralAdapter: WeightScope?
    /// The encoder's layers: those of the deepest level, then those of the next.
    let encoderLayers: [[WeightScope]]
    let crossLayer: WeightScope
    let pixelDecoder: WeightScope
    let queryDecoder: WeightScope
    let queryEmbedding: WeightScope
    let attentionMap: WeightScope
    let head: WeightScope
    let labelPropagator: WeightScope

    private static let frameDifferences = "frame_differences"

    /// What stands before the names of the tensors of frame differences.
    static let frameDifferencePrefix = "\(frameDifferences)."

    init(_ weights: WeightScope, _ configuration: MEDVTConfiguration) {
        let counts = configuration.encoderLayers
        head = weights["insmask_head"]
        frameDifferences = weights[Self.frameDifferences]
        labelPropagator = weights["label_propagator"]
        let transformer: WeightScope
        switch configuration.backbone {
        case .swinB:
            transformer = weights["transformer"]
            backbone = weights["backbone"]
            projections = (0..<4).map { transformer["input_proj_modules", $0] }
            lateralAdapter = nil
            encoderLayers = counts.enumerated().map { stage, count in
                (0..<count).map { transformer["encoder"]["layers", stage]["\($0)"] }
            }
            pixelDecoder = transformer["fpn"]
            queryEmbedding = transformer["query_embed"]
            attentionMap = transformer["bbox_attention"]
        case .resnet101, .efficientNetLite0:
            transformer = weights["vistr"]["transformer"]
            pixelDecoder = transformer["mask_head"]
            backbone = weights["vistr"]["backbone", 0]["body"]
            projections = [
                pixelDecoder["adapter3"], pixelDecoder["adapter2"],
                weights["vistr"]["input_proj_2"], weights["vistr"]["input_proj"],
            ]
            lateralAdapter = pixelDecoder["adapter1"]
            encoderLayers = counts.enumerated().map { stage, count in
                (0..<count).map { transformer["encoder"]["layers", stage * counts[0] + $0] }
            }
            queryEmbedding = weights["vistr"]["query_embed"]
            attentionMap = weights["bbox_attention"]
        }
        crossLayer = transformer["encoder"]["cross_res_layers", 0]
        queryDecoder = transformer["decoder"]
    }
}

/// How the reference cases name recorded stages whose names depend on the class of the model.
struct MEDVTRecordNames: Sendable {
    let configuration: MEDVTConfiguration

    /// The name of the output of an encoder layer.
    func encoderLayer(stage: Int, index: Int) -> String {
        switch configuration.backbone {
        case .swinB: "encoder.stage\(stage).layer\(index)"
        case .resnet101, .efficientNetLite0:
            "encoder.layer\(stage * configuration.encoderLayers[0] + index)"
        }
    }

    /// The name of a level's projected map.
    func projection(level: Int) -> String {
        switch (configuration.backbone.isSwin, level) {
        case (true, _): "input_proj\(level)"
        case (false, 3): "input_proj"
        case (false, 2): "input_proj_2"
        case (false, _): "adapter\(3 - level)"
        }
    }
}
