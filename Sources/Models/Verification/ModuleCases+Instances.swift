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
        }
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
