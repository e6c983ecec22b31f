import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Masks of instances: their features, heads and enlargement.
    static let instanceMasks: [String: Entry] = [
        "aligned_bilinear": { module in
            guard let factors = module.referenceCase.config["factors"]?.ints,
                factors.allSatisfy((1...16).contains)
            else {
                throw VerificationError.missingOption(
                    name: "factors", path: module.referenceCase.path)
            }
            return try factors.enumerated().reduce(into: [:]) { outputs, factor in
                let x = try module.input("x\(factor.offset)", rank: 4)
                let maps = x.reshaped([x.shape[0] * x.shape[1]] + x.shape[2...])
                let enlarged = alignedBilinear(maps, factor: factor.element)
                outputs["y\(factor.offset)"] = enlarged.reshaped(
                    Array(x.shape[..<2]) + enlarged.shape[1...])
            }
        },
        "mask_fpn": { module in
            let maps = try (0..<3).map { try module.map("x\($0)") }
            let channels = maps[0].shape[3]
            for (index, map) in maps.enumerated() {
                try module.require(
                    "x\(index)", [map.shape[0], map.shape[3]], [maps[0].shape[0], channels])
            }
            return [
                "output": try MaskFeatures(module.weights, channels: channels)(maps).channelsFirst
            ]
        },
        "dynamic_mask_head": { module in
            let features = try module.map("mask_feats")
            let parameters = try module.input("params", rank: 2)
            let references = try module.input("reference_points_px", rank: 3)
            try module.require(
                "mask_feats", [features.shape[0], features.shape[3]],
                [1, DynamicMaskHead.featureChannels])
            try module.require(
                "params", parameters.shape, [parameters.shape[0], DynamicMaskHead.parameterCount])
            try module.require(
                "reference_points_px", references.shape, [1, parameters.shape[0], 2])
            let stride = try module.option("mask_feat_stride")
            let logits = DynamicMaskHead(stride: stride)(
                features[0], parameters: parameters, references: references[0])
            let factor = stride / (try module.option("mask_out_stride"))
            guard factor > 0 else {
                throw VerificationError.missingOption(
                    name: "mask_out_stride", path: module.referenceCase.path)
            }
            return ["low_res": logits, "output": alignedBilinear(logits, factor: factor)]
        },
    ]
}
