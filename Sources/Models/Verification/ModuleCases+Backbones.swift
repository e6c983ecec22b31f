import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Blocks and stages of the backbones.
    static let backbones: [String: Entry] = [
        "swin_layer": swinStage,
        "swin_patch_embed": patchEmbedding,
        "swin_patch_merging": patchMerging,
        "swin_shift_mask": shiftMask,
        "bottleneck": bottleneck,
        "resnet_stem": residualStem,
    ]

    /// The stage's output is `[1, channels, frames, height, width]`, those of its two blocks are
    /// `[1, frames, height, width, channels]`.
    private static let swinStage: Entry = { module in
        let x = try module.volume("x")
        let stage = try SwinStage(
            module.weights, channels: x.shape[3], depth: 2,
            heads: module.divisor("heads", of: x.shape[3]),
            window: module.window("window"), fit: .shrinking,
            merges: module.weights.contains("downsample.reduction.weight"))
        var stream = x
        stage.blocks[0](&stream)
        var outputs = [
            "block0": stream.expandedDimensions(axis: 0),
            "block1_windows_attended": stage.blocks[1].attendedWindows(of: stream),
        ]
        stage.blocks[1](&stream)
        outputs["block1"] = stream.expandedDimensions(axis: 0)
        var layer = x
        stage(&layer)
        outputs["layer"] = layer.transposed(3, 0, 1, 2).expandedDimensions(axis: 0)
        let stored = Set(module.outputNames)
        return outputs.filter { stored.contains($0.key) }
    }

    private static let patchEmbedding: Entry = { module in
        if module.referenceCase.config["patch_size"] != nil { return try imagePatches(module) }
        let embedding = try PatchEmbedding(
            module.weights, channels: module.weights.shape(of: "proj.bias")?.first ?? 1,
            patch: module.window("patch"))
        let tokens = try embedding(module.volume("x"))
        return ["y": tokens.transposed(3, 0, 1, 2).expandedDimensions(axis: 0)]
    }

    /// The map is `[1, frames, height, width, channels]` before and after.
    private static let patchMerging: Entry = { module in
        let x = try module.input("x", rank: 5)
        guard x.shape[0] == 1 else { throw module.unfit("x", x.shape, "a batch of one") }
        let merging = try PatchMerging(module.weights, channels: x.shape[4])
        return ["y": merging(x.squeezed(axis: 0)).expandedDimensions(axis: 0)]
    }

    /// The input is the padded extent, the window and the shift, three numbers each. The case stores every
    /// seventh row and every fifth column; how many follows from its shape.
    private static let shiftMask: Entry = { module in
        let dims = try module.integers("dims")
        let numbers = dims.scalars.map(Int.init)
        guard numbers.count == 9, numbers[..<6].allSatisfy({ (1...512).contains($0) }),
            zip(numbers[3..<6], numbers[6...]).allSatisfy({ (0..<$0).contains($1) })
        else {
            throw module.unfit("dims", dims.shape, "an extent, a window and a shift below it")
        }
        let triples = stride(from: 0, to: 9, by: 3).map {
            WindowSize(frames: numbers[$0], height: numbers[$0 + 1], width: numbers[$0 + 2])
        }
        let mask = WindowAttention.shiftMask(
            extent: triples[0], window: triples[1], shift: triples[2])
        let stored = try module.outputShape("mask", ranks: 3)
        let kept = stored.dropFirst().map { count in
            let step = max(1, (mask.shape[1] + count - 1) / max(1, count))
            return Array(stride(from: 0, to: mask.shape[1], by: step))
        }
        guard kept.count == 2 else { return ["mask": mask] }
        let rows = takeRows(mask.transposed(1, 0, 2), kept[0])
        let cells = takeRows(rows.transposed(2, 0, 1), kept[1])
        return ["mask": cells.transposed(2, 1, 0)]
    }

    private static let bottleneck: Entry = { module in
        let x = try module.map("x")
        let projects = module.weights.contains("downsample.0.weight")
        let stride = try module.option("stride", orElse: 1)
        guard stride == 1 || projects else {
            throw VerificationError.missingOption(name: "stride", path: module.referenceCase.path)
        }
        let planes = try module.option("planes")
        let groups = try module.option("groups", orElse: 1)
        let widthPerGroup = try module.option("width_per_group", orElse: 64)
        guard planes * widthPerGroup >= 64 else {
            throw VerificationError.missingOption(
                name: "width_per_group", path: module.referenceCase.path)
        }
        let block = try ResNetBottleneck(
            module.weights, inputChannels: x.shape[3], planes: planes,
            groups: groups, widthPerGroup: widthPerGroup,
            stride: stride, dilation: module.option("dilation", orElse: 1),
            projectsShortcut: projects)
        return ["y": block(x).transposed(0, 3, 1, 2)]
    }

    private static let residualStem: Entry = { module in
        let x = try module.map("x")
        try module.require("x", [x.shape[3]], [3])
        let stem = try ResNetStem(
            convolution: module.weights["0"], norm: module.weights["1"],
            width: module.weights.shape(of: "0.weight")?.first ?? 1)
        return [
            "conv1": stem.convolved(x).transposed(0, 3, 1, 2),
            "y": stem(x).transposed(0, 3, 1, 2),
        ]
    }
}

extension ModuleCase {
    /// Frames, height and width of the configuration.
    fileprivate func window(_ name: String) throws -> WindowSize {
        guard let numbers = referenceCase.config[name]?.ints, numbers.count == 3,
            numbers.allSatisfy({ $0 > 0 })
        else { throw VerificationError.missingOption(name: name, path: referenceCase.path) }
        return WindowSize(frames: numbers[0], height: numbers[1], width: numbers[2])
    }
}
