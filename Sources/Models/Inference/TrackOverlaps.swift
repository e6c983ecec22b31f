import Tensor

/// The soft masks of a clip's instances, frame by frame.
struct ClipMasks {
    let instances: Int
    let classes: Int

    /// Of each frame of the video that the clip covers.
    private(set) var frames: [Int: Frame]

    struct Frame {
        /// The probability of each pixel, `[instances, pixels]`.
        let probabilities: Tensor<Float>
        /// Their sum for each instance.
        let areas: [Float]
    }

    init(_ clip: ClipInstances) {
        let shape = clip.maskLogits.shape
        instances = shape[0]
        classes = clip.scores.shape[1]
        frames = clip.frames.enumerated().reduce(into: [:]) { frames, place in
            let logits = clip.maskLogits.sliced(axis: 1, place.offset..<place.offset + 1)
            let probabilities = sigmoid(logits.contiguous()).reshaped(shape[0], shape[2] * shape[3])
            frames[place.element] = Frame(
                probabilities: probabilities, areas: probabilities.sum(axis: 1).scalars)
        }
    }

    mutating func forget(framesBefore first: Int) {
        frames = frames.filter { $0.key >= first }
    }
}

/// A clip whose instances belong to tracks.
struct MatchedClip {
    /// The track of each instance.
    let tracks: [Int]
    private(set) var masks: ClipMasks

    init(tracks: [Int], masks: ClipMasks) {
        self.tracks = tracks
        self.masks = masks
    }

    /// The clip without the frames that no later one can cover.
    func forgetting(framesBefore first: Int) -> MatchedClip {
        var copy = self
        copy.masks.forget(framesBefore: first)
        return copy
    }
}

/// How far the masks of a clip's instances overlap with those of tracks: the soft intersection over union over
/// all common frames of a clip, averaged over the clips in which a track was found.
struct TrackOverlaps {
    /// The tracks that share a frame with the clip, rising.
    let tracks: [Int]

    /// `means[i][j]`: of `tracks[i]` and instance `j`.
    let means: [[Double]]

    /// None.
    init() { (tracks, means) = ([], []) }

    /// Of the instances of a clip with the tracks of `clips`.
    init(of masks: ClipMasks, with clips: [MatchedClip]) {
        var sums: [Int: (overlaps: [Double], clips: Int)] = [:]
        for clip in clips {
            let common = clip.masks.frames.keys.filter { masks.frames[$0] != nil }.sorted()
            guard !common.isEmpty else { continue }
            let overlaps = Self.overlaps(clip.masks, masks, in: common)
            for (track, row) in zip(clip.tracks, overlaps) {
                let sum = sums[track] ?? ([Double](repeating: 0, count: masks.instances), 0)
                sums[track] = (zip(sum.overlaps, row).map { $0 + $1 }, sum.clips + 1)
            }
        }
        tracks = sums.keys.sorted()
        means = tracks.compactMap { sums[$0] }.map { sum in
            sum.overlaps.map { $0 / (Double(sum.clips) + 1e-6) }
        }
    }

    /// Of each instance of `first` and each of `second`, over the frames `common`.
    private static func overlaps(
        _ first: ClipMasks, _ second: ClipMasks, in common: [Int]
    ) -> [[Double]] {
        var intersections = [[Double]](
            repeating: [Double](repeating: 0, count: second.instances), count: first.instances)
        var unions = intersections
        for frame in common {
            guard let a = first.frames[frame], let b = second.frames[frame] else { continue }
            let products = matmul(a.probabilities, b.probabilities.transposed(1, 0)).scalars
            for i in 0..<first.instances {
                for j in 0..<second.instances {
                    let product = Double(products[i * second.instances + j])
                    intersections[i][j] += product
                    unions[i][j] += Double(a.areas[i]) + Double(b.areas[j]) - product
                }
            }
        }
        return zip(intersections, unions).map { intersections, unions in
            zip(intersections, unions).map { $0 / ($1 + 1e-6) }
        }
    }
}
