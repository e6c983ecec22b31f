import Checkpoints
import Layers
import Tensor

extension ModuleCases {
    /// Resizing of maps, masks and pictures; preprocessing.
    static let images: [String: Entry] = [
        "interpolate": { module in
            let x = try module.map("x")
            return try module.outputNames.reduce(into: [:]) { outputs, name in
                let shape = try module.outputShape(name, ranks: 4, 5)
                let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
                if shape.count == 5 {
                    // From one frame to several: nearest along time repeats it.
                    let frame = resizedNearest(x, height: height, width: width).batchedVolume
                    outputs[name] = concatenated(
                        [Tensor](repeating: frame, count: shape[2]), axis: 2)
                } else if name.hasPrefix("nearest") {
                    outputs[name] =
                        resizedNearest(x, height: height, width: width).channelsFirst
                } else {
                    outputs[name] =
                        resizedBilinear(x, height: height, width: width).channelsFirst
                }
            }
        },
        "mask_downsample": { module in
            let mask = try module.mask("mask")
            guard mask.rank == 3 else {
                throw module.unfit("mask", mask.shape, "[frames, height, width]")
            }
            return try module.outputNames.reduce(into: [:]) { outputs, name in
                let size = try module.size(in: name)
                let small = resizedNearest(mask, height: size.height, width: size.width)
                outputs[name] = Tensor(
                    small.scalars.map { $0 ? 1 : 0 }, shape: small.shape)
            }
        },
        "upsample_tokens": { module in
            let tokens = try module.tokens("x")
            guard let from = module.referenceCase.config["from"]?.ints, from.count == 2,
                let to = module.referenceCase.config["to"]?.ints, to.count == 2
            else {
                throw VerificationError.missingOption(
                    name: "from, to", path: module.referenceCase.path)
            }
            let frames = try module.option("t")
            guard (from + to).allSatisfy((1...4096).contains),
                frames * from[0] * from[1] == tokens.shape[0]
            else { throw module.unfit("x", tokens.shape, "[t * height * width, 1, channels]") }
            let map = tokens.reshaped(frames, from[0], from[1], -1)
            let enlarged = resizedBilinear(map, height: to[0], width: to[1]).tokens
            // The case keeps every n-th channel and does not say so.
            let kept = try module.outputShape("y", ranks: 3)[2]
            let channels = enlarged.shape[1]
            guard kept > 0, channels % kept == 0 else {
                throw module.unfit("y", [kept], "a divisor of \(channels)")
            }
            let grouped = enlarged.reshaped(-1, kept, channels / kept)
            return ["y": grouped.sliced(axis: 2, 0..<1).squeezed(axis: 2).batchedTokens]
        },
        "pil_resize": { module in
            return try module.outputNames.reduce(into: [:]) { outputs, name in
                let size = try module.size(in: name)
                // `image3_17x90` is made of `image3`, `pil_bilinear_24x43` of the only image.
                let source = String(name.split(separator: "_").first ?? "")
                let image = try module.pixels(
                    module.hasInput(source) ? source : "image", rank: 3)
                let resized = resizedPillow(image, height: size.height, width: size.width)
                outputs[name] = Tensor(
                    resized.scalars.map(Float.init), shape: resized.shape)
            }
        },
        "a2d_preprocess": { module in
            let frames = try module.pixels("frames", rank: 4)
            try module.require("frames", [frames.shape[3]], [3])
            let shape = try module.outputShape("y", ranks: 4)
            let preprocessing = Preprocessing(sizing: .fixed(height: shape[2], width: shape[3]))
            let prepared = (0..<frames.shape[0]).map { preprocessing(frames[$0]) }
            return ["y": stacked(prepared).channelsFirst]
        },
        "resize_rule": { module in
            let rows = try module.referenceCase.tensors.integers("rows")
            guard rows.rank == 2, rows.shape[1] == 6 else {
                throw module.unfit("rows", rows.shape, "[rows, 6]")
            }
            let results = (0..<rows.shape[0]).flatMap { row -> [Float] in
                let values = rows[row].scalars.map { Int($0) }
                let size = Preprocessing.aspectPreservingSize(
                    height: values[3], width: values[2], shortSide: values[0], longSide: values[1])
                return (values[..<4] + [size.width, size.height]).map { Float($0) }
            }
            return ["rows": Tensor(results, shape: rows.shape)]
        },
    ]
}
