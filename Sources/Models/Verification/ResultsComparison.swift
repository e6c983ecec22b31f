import Masks

/// The objects that were found in a video against the official ones.
public struct ResultsComparison: Sendable {
    /// What differs in number or kind: entries, categories, frames, sizes.
    public let problems: [String]

    /// The largest difference of two scores.
    public let largestScoreDifference: Double

    /// The largest such difference that passes.
    public let scoreBound: Double

    /// How many pixels all masks have.
    public let pixels: Int

    /// How many of them differ.
    public let differingPixels: Int

    /// How many pixels differ although their logits are not near the threshold.
    public let wrongPixels: Int

    /// Whether everything is equal but for rounding.
    public var passes: Bool {
        problems.isEmpty && wrongPixels == 0 && largestScoreDifference <= scoreBound
    }

    /// Compares objects with official ones.
    ///
    /// - Parameters:
    ///   - surer: the same objects with the pixels whose logit exceeds the threshold by more than the
    ///     tolerance; the official masks must have them.
    ///   - vaguer: with those whose logit is not below it by more than that; the official ones have no others.
    public init(
        _ found: VideoInstances, to official: OfficialResults, scoreBound: Double,
        surer: VideoInstances,
        vaguer: VideoInstances
    ) {
        var problems: [String] = []
        var scoreDifference = 0.0
        var (differing, pixels, wrong) = (0, 0, 0)
        let lists = [found, surer, vaguer].map(\.flatEntries)
        if lists.contains(where: { $0.count != official.entries.count }) {
            problems.append(
                "there are \(lists[0].count) entries, expected \(official.entries.count)")
        }
        for (index, expected) in official.entries.enumerated()
        where lists.allSatisfy({ index < $0.count }) {
            let entry = lists[0][index]
            if entry.category != expected.category {
                problems.append(
                    "entry \(index) has category \(entry.category), expected \(expected.category)")
            }
            let difference = abs(Double(entry.score) - expected.score)
            scoreDifference = max(scoreDifference, difference.isNaN ? .infinity : difference)
            guard entry.masks.count == expected.masks.count else {
                problems.append(
                    "entry \(index) has \(entry.masks.count) masks, expected \(expected.masks.count)"
                )
                continue
            }
            for (frame, mask) in expected.masks.enumerated() {
                let own = lists.map { $0[index].masks[frame] }
                guard let mask else {
                    if own[0] != nil {
                        problems.append(
                            "entry \(index) has a mask in frame \(frame), expected null")
                    }
                    continue
                }
                guard let middle = own[0], let least = own[1], let most = own[2],
                    middle.height == mask.height, middle.width == mask.width
                else {
                    problems.append(
                        "entry \(index) has no mask of \(mask.height) x \(mask.width) in frame \(frame)"
                    )
                    continue
                }
                pixels += mask.height * mask.width
                differing += middle.unionArea(mask) - middle.intersectionArea(mask)
                wrong += least.area - least.intersectionArea(mask)
                wrong += mask.area - mask.intersectionArea(most)
            }
        }
        self.problems = problems
        self.scoreBound = scoreBound
        largestScoreDifference = scoreDifference
        differingPixels = differing
        self.pixels = pixels
        wrongPixels = wrong
    }
}

extension VideoInstances {
    /// The entries with their masks, as a file has them.
    fileprivate var flatEntries: [(category: Int, score: Float, masks: [RunLengthMask?])] {
        entries.map { entry in
            let masks = tracks[entry.track].masks
            return (
                entry.category, entry.score, entry.omitsMasks ? masks.map { _ in nil } : masks
            )
        }
    }
}
