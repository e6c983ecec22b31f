import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// What turns features into logits: norms, the deformable convolution, the attention map, the head.
    static let decoding: [String: Entry] = [
        "deform_conv": { module in
            let x = try module.map("x")
            let shape = try module.outputShape("y", ranks: 4)
            let offsets = try module.map("offset")
            let kernelSize = try module.option("kernel")
            let padding = try module.option("padding", atLeast: 0)
            let sides = x.shape[1...2].map { $0 + 2 * padding - kernelSize + 1 }
            let expected = [x.shape[0]] + sides + [2 * kernelSize * kernelSize]
            guard offsets.shape == expected else {
                throw module.unfit("offset", offsets.shape, "\(expected), channels last")
            }
            let convolution = try DeformableConv2d(
                module.weights, inputChannels: x.shape[3], outputChannels: shape[1],
                kernelSize: kernelSize, padding: padding, bias: module.weights.contains("bias"))
            return ["y": convolution(x, offsets: offsets).channelsFirst]
        },
        "group_norm": { module in
            let x = try module.map("x")
            let norm = try GroupNorm(
                module.weights, groups: try module.divisor("groups", of: x.shape[3]),
                channels: x.shape[3])
            return ["y": norm(x).channelsFirst]
        },
        "group_norm_5d": { module in
            let x = try module.volume("x")
            let norm = try GroupNorm(
                module.weights, groups: try module.divisor("groups", of: x.shape[3]),
                channels: x.shape[3])
            return ["y": norm(x.expandedDimensions(axis: 0)).squeezed(axis: 0).batchedVolume]
        },
        "attention_map_heads": { try ["y": attentionMap($0, softmax: .heads, mask: nil)] },
        "attention_map_heads_and_space": { module in
            [
                "y": try attentionMap(
                    module, softmax: .headsAndSpace, mask: try module.mask("mask")),
                "y_nomask": try attentionMap(module, softmax: .headsAndSpace, mask: nil),
            ]
        },
        "head_3d": { module in
            let x = try module.volume("x")
            let channels = try ["0", "3", "6", "9"].map { name in
                guard let shape = module.weights[name].shape(of: "weight") else {
                    throw VerificationError.missingOption(
                        name: "\(name).weight", path: module.referenceCase.path)
                }
                return shape[0]
            }
            let head = try SegmentationHead3D(
                module.weights, channels: [x.shape[3]] + channels[..<3], classes: channels[3])
            let recorder = Recorder()
            let logits = head(x, recorder: recorder)
            var outputs = ["y": logits.batchedVolume]
            for name in ["conv0", "after3"] {
                outputs[name] = recorder.tensors["head.\(name)"]
            }
            return outputs
        },
    ]

    /// The map of every query of every frame, `[frames, queries, heads, height, width]`.
    private static func attentionMap(
        _ module: ModuleCase, softmax: MEDVTConfiguration.AttentionMapSoftmax, mask: Tensor<Bool>?
    ) throws -> Tensor<Float> {
        let queries = try module.input("q", rank: 3)
        let maps = try module.map("k")
        let extent = Array(maps.shape[..<3])
        try module.require("k", maps.shape, [queries.shape[0]] + extent[1...] + [queries.shape[2]])
        if let mask { try module.require("mask", mask.shape, extent) }
        let attention = try QueryAttentionMap(
            module.weights, channels: queries.shape[2],
            heads: try module.divisor("heads", of: queries.shape[2]), softmax: softmax)
        return stacked(
            (0..<queries.shape[0]).map { frame in
                stacked(
                    (0..<queries.shape[1]).map { query in
                        attention(
                            query: queries[frame][query], map: maps[frame],
                            paddingMask: mask?[frame]
                        ).transposed(2, 0, 1)
                    })
            })
    }
}
