import Masks
import Tensor

/// Which of the queries are reported, and as what: the rules of the two releases, narrowed by what a person
/// asks for.
struct SeqFormerSelection {
    /// Scores below this have no masks in the original release's files.
    private static let leastScoreWithMasks: Float = 0.001

    private let release: SeqFormerConfiguration.Release
    private let topK: Int
    private let reportsAllClasses: Bool
    private let scoreThreshold: Float?
    private let inference: SeqFormerInference
    private let categories: Set<Int>?

    /// A query that is looked at, and the classes that it is reported as.
    struct Candidate {
        let query: Int
        let classes: [Int]
    }

    init(_ configuration: SeqFormerConfiguration, _ options: SessionOptions) {
        release = configuration.release
        inference = configuration.inference
        topK = options.topK ?? inference.topK
        reportsAllClasses = inference.reportsAllClasses
        scoreThreshold = options.scoreThreshold
        categories = options.categories
    }

    /// The queries of a whole video, in the order of the results.
    ///
    /// - Parameter scores: the probability of each class, `[queries, classes]`.
    func candidates(_ scores: Tensor<Float>) -> [Candidate] {
        let classes = scores.shape[1]
        switch release {
        case .original:
            let best = scores.reshaped(scores.count).indicesOfLargest(topK)
            let queries = best.reduce(into: [Int]()) { queries, index in
                if !queries.contains(index / classes) { queries.append(index / classes) }
            }
            return queries.map { query in
                let own = best.filter { $0 / classes == query }.map { $0 % classes }
                return Candidate(
                    query: query, classes: own.filter { keeps($0, scores[query].scalars) })
            }
        case .vnext:
            return bestQueries(scores).map {
                Candidate(query: $0, classes: reportedClasses(scores[$0].scalars))
            }
        }
    }

    /// The queries of a clip that may become tracks.
    func bestQueries(_ scores: Tensor<Float>) -> [Int] {
        scores.max(axis: 1).indicesOfLargest(topK)
    }

    /// The classes that a track is reported as.
    func reportedClasses(_ scores: [Float]) -> [Int] {
        guard reportsAllClasses else {
            let best = Tensor(scores).indicesOfLargest(1)
            return best.filter { keeps($0, scores) }
        }
        let threshold = scoreThreshold ?? inference.scoreThreshold
        return scores.indices.filter { scores[$0] > threshold && keeps($0, scores) }
    }

    private func keeps(_ index: Int, _ scores: [Float]) -> Bool {
        scores[index] > scoreThreshold ?? -.infinity
            && categories?.contains(release.category(ofClass: index)) ?? true
    }

    /// The objects of a video.
    ///
    /// - Parameter tracks: each object's masks, scores and the classes that it is reported as. Objects
    ///   without a class are left out.
    func instances(
        _ video: VideoDescription, frameCount: Int,
        tracks: [(masks: [RunLengthMask], scores: [Float], classes: [Int])]
    ) -> VideoInstances {
        let reported = tracks.filter { track in
            // The original release leaves out what has no pixel in any frame.
            !track.classes.isEmpty
                && (release == .vnext || track.masks.contains { !$0.isEmpty })
        }
        var instances = VideoInstances(
            height: video.height, width: video.width, frameCount: frameCount,
            tracks: reported.enumerated().map { index, track in
                VideoInstances.Track(id: index + 1, masks: track.masks, scores: track.scores)
            },
            entries: reported.enumerated().flatMap { index, track in
                track.classes.map { classIndex in
                    let score = track.scores[classIndex]
                    return VideoInstances.Entry(
                        track: index, category: release.category(ofClass: classIndex),
                        score: score,
                        omitsMasks: release == .original && score < Self.leastScoreWithMasks)
                }
            })
        instances.namesVideo = release == .original
        return instances
    }
}

extension SeqFormerConfiguration.Release {
    /// The data set's number of the class with that index: the original release keeps an output for 0.
    func category(ofClass index: Int) -> Int {
        switch self {
        case .original: index
        case .vnext: index + 1
        }
    }
}

extension Tensor<Float> {
    /// The indices of the `count` largest values of a vector, the largest first; of equal values the first.
    fileprivate func indicesOfLargest(_ count: Int) -> [Int] {
        let values = scalars.map { $0.isNaN ? -.infinity : $0 }
        return values.indices.sorted {
            values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
        }.prefix(count).map(\.self)
    }
}
