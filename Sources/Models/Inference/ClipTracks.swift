import Masks
import Tensor

/// What a model found in one clip of a video.
package struct ClipInstances {
    /// The clip's frames in the video.
    package let frames: Range<Int>

    /// The probability of each class, `[instances, classes]`.
    package let scores: Tensor<Float>

    /// The logits of the masks, `[instances, frames, height, width]`.
    package let maskLogits: Tensor<Float>

    /// What was found in the frames.
    package init(frames: Range<Int>, scores: Tensor<Float>, maskLogits: Tensor<Float>) {
        precondition(
            scores.rank == 2 && maskLogits.rank == 4 && maskLogits.shape[0] == scores.shape[0]
                && maskLogits.shape[1] == frames.count,
            "ClipInstances: scores \(scores.shape) and masks \(maskLogits.shape) of \(frames.count) frames"
        )
        self.frames = frames
        self.scores = scores
        self.maskLogits = maskLogits
    }
}

/// The masks of a frame that no later clip covers.
package struct FinishedFrame {
    /// The frame's index in the video.
    package let frame: Int

    /// The tracks that some clip has found in the frame.
    package let tracks: [Int]

    /// The mean over those clips of each track's logits, `[tracks, height, width]`.
    package let maskLogits: Tensor<Float>
}

/// The instances of overlapping clips, joined to tracks where their masks overlap.
///
/// M. Heo, S. Hwang, S. W. Oh, J. Lee, S. J. Kim, "Video Instance Segmentation using Inter-Frame
/// Communication Transformers", NeurIPS 2021, section 3.3; `clip_output.py` in VNext, but for the number of
/// tracks, which ends that program where it exceeds 120.
///
/// The masks of a frame are averaged as logits over the clips. Frames that no later clip can cover are handed
/// out and forgotten, so that memory depends on the length of a clip and not on that of the video.
package struct ClipTracks {
    /// The overlap that a track and an instance must exceed to be the same object.
    private static let leastOverlap = 0.01

    private var sums: [ClassScores] = []
    private var recentClips: [MatchedClip] = []
    private var unfinished: [Int: [MaskSum]] = [:]

    /// The overlaps that the latest clip was matched by.
    private(set) var latestOverlaps = TrackOverlaps()

    /// No tracks yet.
    package init() {}

    /// How many tracks have begun.
    package var count: Int { sums.count }

    /// The mean probability of each class over the clips in which a track was found, track by track in the
    /// order in which they began.
    package var scores: [[Float]] {
        sums.map { sum in sum.classes.map { $0 / Float(sum.clips) } }
    }

    /// Matches the instances of the next clip, which begins after all others did, and gives the frames that
    /// are final by that.
    package mutating func add(_ clip: ClipInstances) -> [FinishedFrame] {
        let finished = finishFrames(before: clip.frames.lowerBound)
        // As many clips as this one has frames take part in matching.
        recentClips = recentClips.suffix(clip.frames.count).map {
            $0.forgetting(framesBefore: clip.frames.lowerBound)
        }
        let masks = ClipMasks(clip)
        latestOverlaps = TrackOverlaps(of: masks, with: recentClips)
        let owners = matched(masks)
        for (instance, track) in owners.enumerated() {
            sums[track].add(clip.scores[instance].scalars)
            for (position, frame) in clip.frames.enumerated() {
                add(clip.maskLogits[instance][position], to: track, in: frame)
            }
        }
        recentClips.append(MatchedClip(tracks: owners, masks: masks))
        return finished
    }

    /// Ends the video: the frames that are left.
    package mutating func finish() -> [FinishedFrame] { finishFrames(before: .max) }

    /// The track of each instance of a clip; tracks begin for those that fit none.
    private mutating func matched(_ masks: ClipMasks) -> [Int] {
        let tracks = latestOverlaps.tracks
        let costs = latestOverlaps.means.map { row in
            row.map { $0 > Self.leastOverlap ? -$0 : 0 }
        }
        var owners = [Int?](repeating: nil, count: masks.instances)
        for pair in cheapestAssignment(costs) where costs[pair.row][pair.column] < 0 {
            owners[pair.column] = tracks[pair.row]
        }
        return owners.map { owner in
            if let owner { return owner }
            sums.append(ClassScores(classes: [Float](repeating: 0, count: masks.classes), clips: 0))
            return sums.count - 1
        }
    }

    private mutating func add(_ logits: Tensor<Float>, to track: Int, in frame: Int) {
        guard let index = unfinished[frame]?.firstIndex(where: { $0.track == track }) else {
            unfinished[frame, default: []].append(
                MaskSum(track: track, logits: logits, clips: 1))
            return
        }
        unfinished[frame]?[index].logits += logits
        unfinished[frame]?[index].clips += 1
    }

    private mutating func finishFrames(before end: Int) -> [FinishedFrame] {
        unfinished.keys.filter { $0 < end }.sorted().compactMap { frame in
            guard let sums = unfinished.removeValue(forKey: frame) else { return nil }
            return FinishedFrame(
                frame: frame, tracks: sums.map(\.track),
                maskLogits: stacked(sums.map { $0.logits / Float($0.clips) }))
        }
    }
}

/// A track's probabilities, added up over the clips in which it was found.
private struct ClassScores {
    var classes: [Float]
    var clips: Int

    mutating func add(_ scores: [Float]) {
        for (index, score) in scores.enumerated() { classes[index] += score }
        clips += 1
    }
}

/// A track's logits in one frame, added up over the clips.
private struct MaskSum {
    let track: Int
    var logits: Tensor<Float>
    var clips: Int
}
