/// Intersection over union by class, from counts pooled over frames (`Evaluator` of VSPW's baseline).
struct ClassOverlap: Sendable {
    /// A number a class; nil where no true pixel is of that class, which is then left out of the means.
    let overlaps: [Double?]

    /// The pixels of each class in the ground truth.
    private let areas: [Int]

    /// - Parameter count: the pixels of a true and a predicted class.
    init(classes: Int, _ count: (Int, Int) -> Int) {
        let areas = (0..<classes).map { truth in
            (0..<classes).reduce(0) { $0 + count(truth, $1) }
        }
        self.areas = areas
        overlaps = (0..<classes).map { label in
            guard areas[label] > 0 else { return nil }
            let predicted = (0..<classes).reduce(0) { $0 + count($1, label) }
            let both = count(label, label)
            return Double(both) / Double(areas[label] + predicted - both)
        }
    }

    /// The mean over the classes of the ground truth; not a number where there is none.
    var mean: Double {
        let present = overlaps.compactMap { $0 }
        return present.reduce(0, +) / Double(present.count)
    }

    /// The mean weighted by the classes' pixels in the ground truth.
    var weightedMean: Double {
        let total = Double(areas.reduce(0, +))
        return zip(overlaps, areas).reduce(0) { $0 + ($1.0 ?? 0) * Double($1.1) / total }
    }
}
