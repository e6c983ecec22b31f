import Masks

/// Average precision and recall of objects in video, as YouTube-VIS's `ytvoseval` computes them.
public struct VideoAveragePrecision: Sendable {
    /// A range of the mean area of an object, over the frames that show it, in pixels.
    public enum Size: Int, CaseIterable, Sendable {
        /// Every object, small (to 128^2), medium (to 256^2), large.
        case all, small, medium, large

        var areas: ClosedRange<Double> {
            switch self {
            case .all: 0...1e10
            case .small: 0...128 * 128
            case .medium: 128 * 128...256 * 256
            case .large: 256 * 256...1e10
            }
        }
    }

    /// The overlaps from which a prediction is right: 0.5, 0.55, ... 0.95.
    public static let thresholds: [Double] = linearSpace(from: 0.5, to: 0.95, count: 10)

    /// The recalls at which precision is read: 0, 0.01, ... 1.
    static let recallPoints: [Double] = linearSpace(from: 0, to: 1, count: 101)

    /// How many predictions of a video and category are looked at, surest first.
    public static let predictionLimits = [1, 10, 100]

    static let mostPredictions = 100

    /// The ids of the categories, ascending.
    public let categories: [Int]

    /// The precision, averaged over 101 recalls, by threshold, category, size and limit; nil where there is no object
    /// to find.
    private let precisions: [[[[Double?]]]]

    /// The recall, by threshold, category, size and limit; nil where there is no object to find.
    private let recalls: [[[[Double?]]]]

    /// How many predictions were left out, as more than 100 of one video and category.
    public let droppedPredictions: Int

    /// Scores `predictions` against `truths`.
    public init(
        categories: [VideoAnnotations.Category], videos: [VideoAnnotations.Video],
        truths: [VideoAnnotations.Track], predictions: [VideoResults.Track]
    ) throws {
        let truths = Dictionary(grouping: truths) { Key(video: $0.video, category: $0.category) }
        let predictions = Dictionary(grouping: predictions) {
            Key(video: $0.video, category: $0.category)
        }
        let keys = categories.map(\.id).flatMap { category in
            videos.map(\.id).map { Key(video: $0, category: category) }
        }.filter { truths[$0] != nil || predictions[$0] != nil }
        let groups = try FramePass.map(keys) { key in
            let group = TrackGroup(
                truths: truths[key] ?? [], predictions: predictions[key] ?? [])
            let overlaps = group.predictions.map { prediction in
                group.truths.map { trackOverlap(prediction.masks, $0.masks) }
            }
            return (
                category: key.category, dropped: group.dropped,
                matchings: Size.allCases.map {
                    TrackMatching(group, overlaps: overlaps, areas: $0.areas)
                }
            )
        }
        self.init(
            categories: categories.map(\.id),
            dropped: groups.reduce(0) { $0 + $1.dropped },
            matchings: Dictionary(grouping: groups, by: \.category).mapValues {
                $0.map(\.matchings)
            })
    }

    private struct Key: Hashable {
        let video: Int
        let category: Int
    }

    /// - Parameter matchings: of each category, in the order of the videos, one a size.
    private init(categories: [Int], dropped: Int, matchings: [Int: [[TrackMatching]]]) {
        self.categories = categories
        droppedPredictions = dropped
        let curves = categories.map { category in
            Size.allCases.map { size in
                Self.predictionLimits.map { limit in
                    PrecisionCurve.all(
                        (matchings[category] ?? []).map { $0[size.rawValue] }, limit: limit)
                }
            }
        }
        func values(_ key: KeyPath<PrecisionCurve, Double>) -> [[[[Double?]]]] {
            Self.thresholds.indices.map { threshold in
                curves.map { $0.map { $0.map { $0?[threshold][keyPath: key] } } }
            }
        }
        precisions = values(\.meanPrecision)
        recalls = values(\.recall)
    }

    /// The mean precision over thresholds (all, or one by index), recalls and categories (all, or one by index); -1 where
    /// there is no object to find.
    public func precision(
        threshold: Int? = nil, category: Int? = nil, size: Size = .all, limit: Int = 100
    ) -> Double {
        mean(precisions, threshold, category, size, limit)
    }

    /// The mean recall over thresholds and categories; -1 where there is no object to find.
    public func recall(
        threshold: Int? = nil, category: Int? = nil, size: Size = .all, limit: Int = 100
    ) -> Double {
        mean(recalls, threshold, category, size, limit)
    }

    private func mean(
        _ values: [[[[Double?]]]], _ threshold: Int?, _ category: Int?, _ size: Size, _ limit: Int
    ) -> Double {
        guard let limit = Self.predictionLimits.firstIndex(of: limit) else {
            preconditionFailure("VideoAveragePrecision: no limit of \(limit) predictions")
        }
        let thresholds = threshold.map { [values[$0]] } ?? values
        let present = thresholds.flatMap { values in
            (category.map { [values[$0]] } ?? values).compactMap { $0[size.rawValue][limit] }
        }
        return present.isEmpty ? -1 : present.reduce(0, +) / Double(present.count)
    }
}

/// `numpy.linspace`: multiples of the step, the last number exactly.
private func linearSpace(from first: Double, to last: Double, count: Int) -> [Double] {
    let step = (last - first) / Double(count - 1)
    return (0..<count).map { $0 == count - 1 ? last : Double($0) * step + first }
}
