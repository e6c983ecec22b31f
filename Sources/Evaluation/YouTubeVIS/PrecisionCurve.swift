/// How precision falls as recall rises, for one threshold, category, size and limit (`accumulate`).
struct PrecisionCurve: Sendable {
    /// The precision, averaged over 101 recalls.
    let meanPrecision: Double

    /// The recall with all predictions.
    let recall: Double

    /// The curves of all thresholds over the videos of a category; nil where there is no object to find.
    static func all(_ videos: [TrackMatching], limit: Int) -> [PrecisionCurve]? {
        let wanted = videos.reduce(0) { $0 + $1.wanted }
        guard wanted > 0 else { return nil }
        let places = videos.enumerated().flatMap { video, matching in
            matching.scores.prefix(limit).indices.map {
                (score: matching.scores[$0], video: video, prediction: $0)
            }
        }
        // Stable: equal scores stay in the order of the videos and of the file.
        let order = places.indices.sorted {
            (places[$1].score, $0) < (places[$0].score, $1)
        }.map { places[$0] }
        return VideoAveragePrecision.thresholds.indices.map { threshold in
            PrecisionCurve(
                order.lazy.map { videos[$0.video].outcomes[threshold][$0.prediction] },
                wanted: wanted)
        }
    }

    private init(_ outcomes: some Sequence<TrackMatching.Outcome>, wanted: Int) {
        var (right, wrong) = (0, 0)
        var recalls: [Double] = []
        var precisions: [Double] = []
        // An ignored prediction repeats the point before it, as in the official code.
        for outcome in outcomes {
            if outcome == .right { right += 1 }
            if outcome == .wrong { wrong += 1 }
            recalls.append(Double(right) / Double(wanted))
            precisions.append(Double(right) / (Double(right + wrong) + Double.ulpOfOne))
        }
        recall = recalls.last ?? 0
        for index in precisions.indices.dropLast().reversed() {
            precisions[index] = max(precisions[index], precisions[index + 1])
        }
        var sum = 0.0
        var place = 0
        for point in VideoAveragePrecision.recallPoints {
            while place < recalls.count, recalls[place] < point { place += 1 }
            // Beyond the last recall the precision is 0.
            if place < recalls.count { sum += precisions[place] }
        }
        meanPrecision = sum / Double(VideoAveragePrecision.recallPoints.count)
    }
}
