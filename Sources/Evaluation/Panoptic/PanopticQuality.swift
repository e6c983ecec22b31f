/// What was found and missed of each class, over windows of frames (`PQStat` of mcahny/vps).
struct PanopticQuality: Sendable {
    /// One class.
    struct Tally: Sendable {
        var overlap = 0.0
        var found = 0
        var wrong = 0
        var missed = 0

        private var weight: Double { Double(found) + 0.5 * Double(wrong) + 0.5 * Double(missed) }
        var isEmpty: Bool { found + wrong + missed == 0 }
        var quality: Double { overlap / weight }
        var segmentation: Double { found == 0 ? 0 : overlap / Double(found) }
        var recognition: Double { Double(found) / weight }
    }

    private(set) var tallies: [Int: Tally] = [:]

    subscript(category: Int) -> Tally { tallies[category] ?? Tally() }

    /// Adds the tallies of `other`.
    mutating func add(_ other: PanopticQuality) {
        for (category, tally) in other.tallies {
            tallies[category, default: Tally()].overlap += tally.overlap
            tallies[category, default: Tally()].found += tally.found
            tallies[category, default: Tally()].wrong += tally.wrong
            tallies[category, default: Tally()].missed += tally.missed
        }
    }

    /// The mean of a quality over the classes of which anything was found, wrong or missed; not a number where there
    /// is none (the official code fails then).
    func mean(
        _ quality: KeyPath<Tally, Double>, of categories: [PanopticAnnotations.Category]
    ) -> Double {
        pairwiseMean(
            categories.map { self[$0.id] }.filter { !$0.isEmpty }.map { $0[keyPath: quality] })
    }

    /// Matches the tubes of one window (`vpq_compute_single_core`).
    ///
    /// - Throws: ``EvaluationError`` where the stated area of a segment cannot be.
    mutating func add(window frames: ArraySlice<PanopticVideo.Frame>, pairs: [PairCounts]) throws {
        var counts = PairCounts()
        for frame in pairs { counts.add(frame) }
        let predictedAreas = counts.predictedAreas
        let truths = Tubes(frames.map(\.truth)) { tube, segment in tube.area += segment.area ?? 0 }
        let predictions = Tubes(frames.map(\.prediction)) { _, _ in }
        for index in predictions.tubes.indices {
            predictions.tubes[index].area = predictedAreas[predictions.tubes[index].id] ?? 0
        }
        for (pair, count) in counts.counts {
            guard let truth = truths.place[pair.truth],
                let prediction = predictions.place[pair.prediction]
            else { continue }
            let (wanted, given) = (truths.tubes[truth], predictions.tubes[prediction])
            if wanted.isCrowd || wanted.category != given.category { continue }
            // Void, whose id is 0, is taken out of the union.
            let union = given.area + wanted.area - count - counts[0, pair.prediction]
            guard count <= union else {
                throw EvaluationError(
                    .badData,
                    "\(frames.first?.truthImage ?? ""): the area that is stated of the segment \(pair.truth) is smaller than the segment"
                )
            }
            let overlap = Double(count) / Double(union)
            if overlap > 0.5 {
                tallies[wanted.category, default: Tally()].found += 1
                tallies[wanted.category, default: Tally()].overlap += overlap
                truths.tubes[truth].isMatched = true
                predictions.tubes[prediction].isMatched = true
            }
        }
        // Of several crowds of a class only the last one forgives predictions.
        var crowds: [Int: UInt32] = [:]
        for tube in truths.tubes where !tube.isMatched {
            if tube.isCrowd {
                crowds[tube.category] = tube.id
            } else {
                tallies[tube.category, default: Tally()].missed += 1
            }
        }
        for tube in predictions.tubes where !tube.isMatched {
            let forgiven =
                counts[0, tube.id] + (crowds[tube.category].map { counts[$0, tube.id] } ?? 0)
            if Double(forgiven) / Double(tube.area) > 0.5 { continue }
            tallies[tube.category, default: Tally()].wrong += 1
        }
    }
}

/// The segments of one side of a window: those of one id are one tube, of the category it has first.
private final class Tubes {
    struct Tube {
        let id: UInt32
        let category: Int
        let isCrowd: Bool
        var area = 0
        var isMatched = false
    }

    var tubes: [Tube] = []
    private(set) var place: [UInt32: Int] = [:]

    init(
        _ frames: [[PanopticAnnotations.Segment]],
        _ join: (inout Tube, PanopticAnnotations.Segment) -> Void
    ) {
        for segment in frames.joined() {
            let index = place[segment.id] ?? tubes.count
            if index == tubes.count {
                place[segment.id] = index
                tubes.append(
                    Tube(id: segment.id, category: segment.category, isCrowd: segment.isCrowd))
            }
            join(&tubes[index], segment)
        }
    }
}
