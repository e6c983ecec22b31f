/// Mean, recall and decay of the scores of a sequence's frames.
///
/// Source: `db_statistics` of the DAVIS tools.
package struct DAVISStatistics: Sendable, Equatable {
    /// The mean of all frames.
    package let mean: Double

    /// The share of frames above 0.5.
    package let recall: Double

    /// How much is lost over time: the mean of the first quarter less that of the last.
    package let decay: Double

    package init(_ values: [Double]) {
        mean = pairwiseMeanOfNumbers(values)
        recall = pairwiseMean(values.map { $0 > 0.5 ? 1 : 0 })
        // Five edges from 1 to the number of frames, evenly, rounded; a half goes up by the script's 1e-10, but for
        // rounding to even it would not always.
        let edges = (0...4).map { edge -> Int in
            let place = 1 + Double(edge) * (Double(values.count - 1) / 4)
            // Quirk: the indices are kept in 8 bits. From 257 frames on they wrap, and the last quarter is another part
            // of the sequence or empty, which makes the decay not a number.
            return Int((place + 1e-10).rounded(.toNearestOrEven) - 1) & 0xFF
        }
        // Quirk: with NumPy 2 the end of a quarter is counted in 8 bits too, which 256 frames overflow already.
        // Quirk: quarters include both their edges, so neighbours share a frame.
        func quarter(_ index: Int) -> [Double] {
            let end = min((edges[index + 1] + 1) & 0xFF, values.count)
            return edges[index] < end ? Array(values[edges[index]..<end]) : []
        }
        decay = pairwiseMeanOfNumbers(quarter(0)) - pairwiseMeanOfNumbers(quarter(3))
    }

    /// The names of the six columns of J and F.
    static let columns = ["J", "F"].flatMap { ["\($0) mean", "\($0) recall", "\($0) decay"] }

    /// The three numbers in the order of the columns.
    var values: [Double] { [mean, recall, decay] }

    /// The numbers that papers print, from the means of the six columns.
    static func overall(_ means: [Double]) -> [Score] {
        [Score("J&F mean", (means[0] + means[3]) / 2)] + zip(columns, means).map { Score($0, $1) }
    }
}
