import Checkpoints
import Layers
import Masks
import Tensor

extension ModuleCases {
    /// Masks of instances: their features, heads and resizing; the preprocessing of the original release.
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
        "image_transform": { module in
            guard let sides = module.referenceCase.config["short_sides"]?.ints,
                sides.allSatisfy((1...4096).contains)
            else {
                throw VerificationError.missingOption(
                    name: "short_sides", path: module.referenceCase.path)
            }
            return try sides.enumerated().reduce(into: [:]) { outputs, side in
                let image = try module.pixels("image\(side.offset)", rank: 3)
                try module.require("image\(side.offset)", [image.shape[2]], [3])
                let preprocessing = Preprocessing(
                    sizing: .shortSide(
                        side.element, longSide: SeqFormerConfiguration.unlimitedLongSide))
                let size = preprocessing.inputSize(height: image.shape[0], width: image.shape[1])
                let resized = resizedPillow(image, height: size.height, width: size.width)
                outputs["resized\(side.offset)"] = Tensor(
                    resized.scalars.map(Float.init), shape: resized.shape)
                outputs["tensor\(side.offset)"] = preprocessing(image).transposed(2, 0, 1)
            }
        },
        "mask_postprocess": { module in
            guard let sizes = module.referenceCase.config["sizes"]?.array?.compactMap(\.ints),
                sizes.allSatisfy({ $0.count == 2 && $0.allSatisfy((1...4096).contains) })
            else {
                throw VerificationError.missingOption(
                    name: "sizes", path: module.referenceCase.path)
            }
            return try sizes.enumerated().reduce(into: [:]) { outputs, size in
                let (index, height, width) = (size.offset, size.element[0], size.element[1])
                let logits = try module.map("logits\(index)")
                try module.require("logits\(index)", [logits.shape[3]], [1])
                outputs["upsampled\(index)"] =
                    resizedBilinear(logits, height: height, width: width).channelsFirst
                let masks = RunLengthMask.masks(
                    of: logits.squeezed(axis: 3), resized: .bilinear(height: height, width: width),
                    above: SessionOptions().logitThreshold)
                outputs["mask\(index)"] = Tensor(
                    masks.flatMap { $0.bitmap.scalars.map { $0 ? 1 : 0 } },
                    shape: [masks.count, 1, height, width])
            }
        },
    ]
}
