import Masks

/// The objects of one category in one video, predicted and true, with the overlap of each pair.
struct TrackGroup: Sendable {
    let truths: [VideoAnnotations.Track]

    /// The 100 surest predictions, surest first; those of equal score in the file's order.
    let predictions: [VideoResults.Track]

    /// How many predictions there are beyond these.
    let dropped: Int

    init(truths: [VideoAnnotations.Track], predictions: [VideoResults.Track]) {
        self.truths = truths
        let sorted = predictions.enumerated().sorted {
            ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
        }
        self.predictions = sorted.prefix(VideoAveragePrecision.mostPredictions).map(\.element)
        dropped = sorted.count - self.predictions.count
    }
}

/// Which predictions of a group are right, for one range of areas.
struct TrackMatching: Sendable {
    /// What a prediction counts as at one threshold.
    enum Outcome: Sendable {
        case right, wrong, ignored
    }

    /// The predictions' scores, highest first.
    let scores: [Double]

    /// For each threshold, an outcome a prediction.
    let outcomes: [[Outcome]]

    /// How many true objects are to be found.
    let wanted: Int

    /// Matches greedily, surest prediction first (`evaluateVid`).
    ///
    /// - Parameter overlaps: `[prediction][truth]`.
    init(_ group: TrackGroup, overlaps: [[Double]], areas: ClosedRange<Double>) {
        let isIgnored = group.truths.map { $0.isCrowd || !areas.contains($0.meanArea) }
        // True objects that do not count come last: a prediction takes one only where it fits none that counts.
        let order =
            isIgnored.indices.filter { !isIgnored[$0] } + isIgnored.indices.filter { isIgnored[$0] }
        let isOutside = group.predictions.map { !areas.contains($0.meanArea) }
        scores = group.predictions.map(\.score)
        wanted = isIgnored.count { !$0 }
        outcomes = VideoAveragePrecision.thresholds.map { threshold in
            var isTaken = [Bool](repeating: false, count: group.truths.count)
            return group.predictions.indices.map { prediction in
                var best: Int?
                var overlap = min(threshold, 1 - 1e-10)
                for truth in order {
                    if isTaken[truth] && !group.truths[truth].isCrowd { continue }
                    if let best, !isIgnored[best], isIgnored[truth] { break }
                    // Of equal overlaps the later one wins.
                    if overlaps[prediction][truth] < overlap { continue }
                    overlap = overlaps[prediction][truth]
                    best = truth
                }
                guard let best else { return isOutside[prediction] ? .ignored : .wrong }
                isTaken[best] = true
                if isIgnored[best] { return .ignored }
                // The official code marks a match by the object's id, so that id 0 reads as no match.
                if group.truths[best].id == 0 { return isOutside[prediction] ? .ignored : .wrong }
                return .right
            }
        }
    }
}

/// Pixels of both over pixels of either, summed over the video; an absent mask has no pixels (`iou_seq`).
func trackOverlap(_ prediction: [RunLengthMask?], _ truth: [RunLengthMask?]) -> Double {
    var (both, either) = (0, 0)
    for (prediction, truth) in zip(prediction, truth) {
        let common = prediction.flatMap { one in truth.map { one.intersectionArea($0) } } ?? 0
        both += common
        either += (prediction?.area ?? 0) + (truth?.area ?? 0) - common
    }
    return either == 0 ? 0 : Double(both) / Double(either)
}
