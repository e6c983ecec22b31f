import Tensor

/// One sequence of a report: its frames in order, what was predicted, and, where known, what is true.
public struct ReportSequence: Sendable {
    /// One frame.
    public struct Frame: Sendable {
        /// Its name.
        public let name: String

        /// The predicted mask's file.
        public let prediction: String

        /// The true mask's file, where there is one.
        public let groundTruth: String?

        /// The image's file, where there is one.
        public let image: String?

        /// The image itself, where it is no file of its own.
        public var picture: Tensor<UInt8>?

        /// A number a column of the metric, the mean over objects.
        var scores: [Double] = []

        /// The first column's number for each object, where there are several.
        var objects: [Int: Double] = [:]

        /// A frame of known files.
        public init(name: String, prediction: String, groundTruth: String? = nil, image: String?) {
            self.name = name
            self.prediction = prediction
            self.groundTruth = groundTruth
            self.image = image
        }

        /// How good it is: the mean of its scores.
        var quality: Double { scores.isEmpty ? .nan : pairwiseMean(scores) }
    }

    /// Its name.
    public let name: String

    /// Its frames, in order.
    public var frames: [Frame]

    /// Whether masks are compared object by object, or only as object and background.
    public let comparesObjects: Bool

    /// A sequence of known frames.
    public init(name: String, frames: [Frame], comparesObjects: Bool) {
        self.name = name
        self.frames = frames
        self.comparesObjects = comparesObjects
    }

    /// The mean of the first column over its frames; what has no score is taken for the best, so that it comes last.
    var quality: Double {
        let known = frames.compactMap(\.scores.first).filter { !$0.isNaN }
        return known.isEmpty ? .infinity : pairwiseMean(known)
    }

    /// The sequence with the scores of its frames.
    func scored(by rows: [FrameTable.Row]) -> ReportSequence {
        let byFrame = Dictionary(grouping: rows, by: \.frame)
        var result = self
        for index in frames.indices {
            guard let rows = byFrame[frames[index].name], let first = rows.first else { continue }
            result.frames[index].scores = first.values.indices.map { column in
                pairwiseMean(rows.map { $0.values[column] }.filter { !$0.isNaN })
            }
            for row in rows where rows.count > 1 {
                if let object = row.object, let value = row.values.first {
                    result.frames[index].objects[object] = value
                }
            }
        }
        return result
    }

    /// The places of the frames to show large: the worst ones, worst first, or some over the whole length.
    ///
    /// Close neighbours of a bad frame mostly are bad in the same way: they come only where there are no others.
    func shown(_ count: Int) -> [Int] {
        let worst = frames.indices.filter { !frames[$0].quality.isNaN }.sorted {
            (frames[$0].quality, $0) < (frames[$1].quality, $1)
        }
        guard !worst.isEmpty else {
            guard frames.count > count else { return Array(frames.indices) }
            return (0..<count).map { ($0 * 2 + 1) * frames.count / (2 * count) }
        }
        let gap = frames.count / (4 * count)
        var chosen: [Int] = []
        var passedOver: [Int] = []
        for place in worst where chosen.count < count {
            if chosen.contains(where: { abs($0 - place) <= gap }) {
                passedOver.append(place)
            } else {
                chosen.append(place)
            }
        }
        return chosen + passedOver.prefix(count - chosen.count)
    }
}
