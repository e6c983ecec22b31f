import Checkpoints
import Masks
import Tensor

extension ModuleCases {
    /// From masks' logits to runs, from clips to tracks.
    static let instances: [String: Entry] = [
        "clip_matching": { module in
            let scores = try module.input("clip_cls_probs", rank: 3)
            let masks = try module.input("clip_mask_logits", rank: 5)
            try module.require(
                "clip_mask_logits", Array(masks.shape[..<2]), Array(scores.shape[..<2]))
            let clips = (module.referenceCase.config["clips"]?.array ?? []).compactMap(\.ints)
            guard clips.count == scores.shape[0],
                clips.allSatisfy({ clip in
                    clip.count == masks.shape[2] && clip.first.map { $0 >= 0 } ?? false
                        && zip(clip, clip.dropFirst()).allSatisfy { $0 + 1 == $1 }
                })
            else { throw module.unfit("clip_cls_probs", scores.shape, "a row for each of 'clips'") }
            var outputs: [String: Tensor<Float>] = [:]
            var tracks = ClipTracks()
            var finished: [FinishedFrame] = []
            for (index, frames) in clips.enumerated() {
                let begun = tracks.count
                finished += tracks.add(
                    ClipInstances(
                        frames: frames[0]..<frames[0] + frames.count, scores: scores[index],
                        maskLogits: masks[index]))
                outputs["siou\(index)"] = tracks.latestOverlaps.matrix(
                    tracks: begun, instances: scores.shape[1])
            }
            finished += tracks.finish()
            let last = clips.compactMap(\.last).max() ?? 0
            outputs["track_mask_logits"] = finished.maskLogits(
                tracks: tracks.count, frameCount: last + 1)
            outputs["track_cls"] = Tensor(
                tracks.scores.flatMap(\.self), shape: [tracks.count, scores.shape[2]])
            return outputs
        },
        "image_transform": { module in
            let sides = module.referenceCase.config["short_sides"]?.ints ?? []
            guard !sides.isEmpty, sides.allSatisfy((1...4096).contains) else {
                throw VerificationError.missingOption(
                    name: "short_sides", path: module.referenceCase.path)
            }
            return try sides.enumerated().reduce(into: [:]) { outputs, side in
                let image = try module.pixels("image\(side.offset)", rank: 3)
                try module.require("image\(side.offset)", [image.shape[2]], [3])
                let preprocessing = Preprocessing(
                    sizing: .shortSide(side.element, longSide: 16384))
                let size = preprocessing.inputSize(height: image.shape[0], width: image.shape[1])
                let resized = resizedPillow(image, height: size.height, width: size.width)
                outputs["resized\(side.offset)"] = Tensor(
                    resized.scalars.map(Float.init), shape: resized.shape)
                outputs["tensor\(side.offset)"] = preprocessing(image).transposed(2, 0, 1)
            }
        },
        "mask_postprocess": { module in
            let sizes = (module.referenceCase.config["sizes"]?.array ?? []).compactMap(\.ints)
            guard !sizes.isEmpty,
                sizes.allSatisfy({ $0.count == 2 && $0.allSatisfy((1...4096).contains) })
            else {
                throw VerificationError.missingOption(
                    name: "sizes", path: module.referenceCase.path)
            }
            return try sizes.enumerated().reduce(into: [:]) { outputs, size in
                let logits = try module.map("logits\(size.offset)")
                try module.require("logits\(size.offset)", [logits.shape[3]], [1])
                let (height, width) = (size.element[0], size.element[1])
                outputs["upsampled\(size.offset)"] =
                    resizedBilinear(logits, height: height, width: width).channelsFirst
                let masks = RunLengthMask.masks(
                    of: logits.squeezed(axis: 3), resized: .bilinear(height: height, width: width),
                    above: SessionOptions().logitThreshold)
                outputs["mask\(size.offset)"] = Tensor(
                    masks.flatMap { $0.bitmap.scalars.map { $0 ? 1 : 0 } },
                    shape: [masks.count, 1, height, width])
            }
        },
    ]
}

extension TrackOverlaps {
    /// The overlaps as `[tracks, instances]`; 0 for tracks that are long gone.
    fileprivate func matrix(tracks count: Int, instances: Int) -> Tensor<Float> {
        var rows = [[Float]](repeating: [Float](repeating: 0, count: instances), count: count)
        for (track, row) in zip(tracks, means) { rows[track] = row.map(Float.init) }
        return Tensor(rows.flatMap(\.self), shape: [count, instances])
    }
}
