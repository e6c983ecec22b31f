/// How well the pixels of a sequence are classified and its things tracked (`STQuality` of deeplab2, numpy).
struct TrackingQuality: Sendable {
    /// A pixel's class and the number of its instance.
    struct Label: Hashable, Sendable {
        let category: Int
        let instance: Int
    }

    let classes: Int
    let things: Set<Int>

    /// Pixels by true and predicted class; the class after the last is void.
    private(set) var confusion: [[Int]]

    private var truths: [Label: Int] = [:]
    private var predictions: [Label: Int] = [:]
    private var common: [[Label]: Int] = [:]
    private(set) var frames = 0

    init(classes: Int, things: Set<Int>) {
        self.classes = classes
        self.things = things
        confusion = Array(repeating: Array(repeating: 0, count: classes + 1), count: classes + 1)
    }

    /// Counts the pixels of one frame. Classes are below ``classes``, or that for void.
    mutating func add(_ pixels: some Sequence<(truth: Label, prediction: Label, count: Int)>) {
        frames += 1
        for (truth, prediction, count) in pixels {
            confusion[truth.category][prediction.category] += count
            let isThing = things.contains(truth.category)
            // A true thing without a number is a crowd, whose pixels count for no track.
            if isThing && truth.instance == 0 { continue }
            let isTracked = things.contains(prediction.category)
            if isThing { truths[truth, default: 0] += count }
            if isTracked { predictions[prediction, default: 0] += count }
            if isThing && isTracked { common[[truth, prediction], default: 0] += count }
        }
    }

    /// How many true tracks there are.
    var tracks: Int { truths.count }

    /// The sum over true tracks of the overlaps with all predicted tracks, weighted by the common pixels.
    var associations: Double {
        var sums: [Label: Double] = [:]
        for (pair, count) in common {
            let union = (predictions[pair[1]] ?? 0) + (truths[pair[0]] ?? 0) - count
            sums[pair[0], default: 0] += Double(count) * (Double(count) / Double(union))
        }
        return sums.reduce(0) { $0 + $1.value / Double(truths[$1.key] ?? 1) }
    }

    /// The mean over classes of intersection over union.
    static func segmentation(_ confusion: [[Int]]) -> Double {
        let classes = confusion.count - 1
        var sum = 0.0
        var occurring = 0
        for label in 0...classes {
            // True void pixels are not counted. Predicted void on others is, and makes void a class of overlap 0.
            let predicted = (0..<classes).reduce(0) { $0 + confusion[$1][label] }
            let wanted = label == classes ? 0 : confusion[label].reduce(0, +)
            let both = label == classes ? 0 : confusion[label][label]
            let union = predicted + wanted - both
            guard union > 0 else { continue }
            occurring += 1
            sum += Double(both) / Double(union)
        }
        return sum / Double(occurring)
    }
}
