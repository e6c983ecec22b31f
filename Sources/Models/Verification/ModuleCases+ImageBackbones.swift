import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Stages of the backbones over images, as SeqFormer uses them.
    static let imageBackbones: [String: Entry] = ["swin_stage": imageStage]

    /// Tokens are `[n, height * width, channels]`, of the size in the configuration.
    private static let imageStage: Entry = { module in
        let x = try module.input("x", rank: 3)
        guard let size = module.referenceCase.config["size"]?.ints, size.count == 2 else {
            throw VerificationError.missingOption(name: "size", path: module.referenceCase.path)
        }
        try module.require("x", [x.shape[1]], [size[0] * size[1]])
        let channels = x.shape[2]
        let side = try module.option("window_size")
        let stage = try SwinStage(
            module.weights, channels: channels, depth: module.option("depth"),
            heads: module.divisor("num_heads", of: channels),
            window: WindowSize(frames: 1, height: side, width: side), fit: .padding,
            merges: module.weights.contains("downsample.reduction.weight"))
        var stream = x.reshaped(x.shape[0], size[0], size[1], channels)
        stage.attend(within: &stream)
        var outputs = ["out": flattened(stream)]
        if stage.merging != nil {
            stage.merge(&stream)
            outputs["down"] = flattened(stream)
        }
        return outputs
    }

    /// The patch embedding of images, a case of `swin_patch_embed`.
    static func imagePatches(_ module: ModuleCase) throws -> [String: Tensor<Float>] {
        let side = try module.option("patch_size")
        let embedding = try PatchEmbedding(
            module.weights, channels: module.option("embed_dim"),
            patch: WindowSize(frames: 1, height: side, width: side), isPlanar: true)
        return ["y": embedding(try module.map("x")).channelsFirst]
    }

    private static func flattened(_ map: Tensor<Float>) -> Tensor<Float> {
        map.reshaped(map.shape[0], map.shape[1] * map.shape[2], map.shape[3])
    }
}
