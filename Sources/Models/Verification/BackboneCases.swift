import Checkpoints
import Layers
import Tensor

/// Reference cases of single modules of the backbones, for `segment verify`.
enum BackboneCases {
    /// What a module of the backbones gives for a case's inputs, by the names after `out.`, in the
    /// official layout; nil where `module` is not of the backbones.
    static func outputs(
        of module: String, _ reference: ReferenceCase
    ) throws -> [String: Tensor<Float>]? {
        let weights = WeightScope(reference.weights)
        let outputs: [String: Tensor<Float>]
        switch module {
        case _ where module.hasPrefix("swin_layer"): outputs = try swinLayer(reference, weights)
        case "swin_patch_embed": outputs = try patchEmbedding(reference, weights)
        case "swin_patch_merging": outputs = try patchMerging(reference, weights)
        case "swin_shift_mask": outputs = try shiftMask(reference)
        case _ where module.hasPrefix("bottleneck"): outputs = try bottleneck(reference, weights)
        case "resnet_stem": outputs = try residualStem(reference, weights)
        default: return nil
        }
        try weights.finish()
        return outputs
    }

    /// `[1, channels, frames, height, width]` in and out; single blocks are `[1, frames, height, width,
    /// channels]`.
    private static func swinLayer(
        _ reference: ReferenceCase, _ weights: WeightScope
    ) throws -> [String: Tensor<Float>] {
        let x = try reference.tensors.floats("in.x")[0].transposed(1, 2, 3, 0)
        let stage = try VideoSwinStage(
            weights, channels: x.shape[3], depth: 2,
            heads: reference.config["heads"]?.int ?? 1,
            window: WindowSize(reference.config["window"]?.ints ?? []),
            merges: weights.contains("downsample.reduction.weight"))
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
        return outputs
    }

    private static func patchEmbedding(
        _ reference: ReferenceCase, _ weights: WeightScope
    ) throws -> [String: Tensor<Float>] {
        let x = try reference.tensors.floats("in.x")[0].transposed(1, 2, 3, 0)
        let embedding = try PatchEmbedding(
            weights, channels: weights.shape(of: "proj.bias")?.first ?? 1,
            patch: WindowSize(reference.config["patch"]?.ints ?? []))
        return ["y": embedding(x).transposed(3, 0, 1, 2).expandedDimensions(axis: 0)]
    }

    private static func patchMerging(
        _ reference: ReferenceCase, _ weights: WeightScope
    ) throws -> [String: Tensor<Float>] {
        let x = try reference.tensors.floats("in.x")[0]
        let merging = try PatchMerging(weights, channels: x.shape[3])
        return ["y": merging(x).expandedDimensions(axis: 0)]
    }

    /// The input is the padded extent, the window and the shift, three numbers each.
    private static func shiftMask(_ reference: ReferenceCase) throws -> [String: Tensor<Float>] {
        let dims = try reference.tensors.integers("in.dims").scalars.map(Int.init)
        let triples = stride(from: 0, to: dims.count, by: 3).map {
            WindowSize(Array(dims[$0..<min(dims.count, $0 + 3)]))
        }
        guard triples.count == 3 else { return [:] }
        return [
            "mask": WindowAttention.shiftMask(
                extent: triples[0], window: triples[1], shift: triples[2])
        ]
    }

    private static func bottleneck(
        _ reference: ReferenceCase, _ weights: WeightScope
    ) throws -> [String: Tensor<Float>] {
        let x = try reference.tensors.floats("in.x").transposed(0, 2, 3, 1)
        let block = try ResNetBottleneck(
            weights, inputChannels: x.shape[3], width: reference.config["planes"]?.int ?? 1,
            stride: reference.config["stride"]?.int ?? 1,
            dilation: reference.config["dilation"]?.int ?? 1,
            projectsShortcut: weights.contains("downsample.0.weight"))
        return ["y": block(x).transposed(0, 3, 1, 2)]
    }

    private static func residualStem(
        _ reference: ReferenceCase, _ weights: WeightScope
    ) throws -> [String: Tensor<Float>] {
        let x = try reference.tensors.floats("in.x").transposed(0, 2, 3, 1)
        let stem = try ResNetStem(
            convolution: weights["0"], norm: weights["1"],
            width: weights.shape(of: "0.weight")?.first ?? 1)
        return [
            "conv1": stem.convolved(x).transposed(0, 3, 1, 2),
            "y": stem(x).transposed(0, 3, 1, 2),
        ]
    }
}

extension WindowSize {
    /// Frames, height and width from a case's list; ones where it is short.
    fileprivate init(_ numbers: [Int]) {
        let padded = numbers + [1, 1, 1]
        self.init(frames: padded[0], height: padded[1], width: padded[2])
    }
}
