import Media
import Tensor

/// One line of `frames.jsonl`: what is on a frame.
struct FrameDescription {
    /// The pixels of one class.
    struct Region {
        let label: Int
        var area = 0
        var probability = 0.0
        var left = Int.max
        var right = 0
        var top = Int.max
        var bottom = 0

        mutating func add(row: Int, column: Int, probability: Float) {
            area += 1
            self.probability += Double(probability)
            left = min(left, column)
            right = max(right, column)
            top = min(top, row)
            bottom = max(bottom, row)
        }
    }

    private let result: FrameResult

    init(_ result: FrameResult) {
        self.result = result
    }

    /// The line: the frame, and for each class on it the area in pixels, the box around it (left, top,
    /// width, height) and, of a model with one class, the mean probability of foreground.
    var json: Media.JSONValue {
        .object([
            "frame": .integer(result.frame.index),
            "name": .string(result.frame.name),
            "width": .integer(result.labels.shape[1]),
            "height": .integer(result.labels.shape[0]),
            "regions": .array(regions.map(json)),
        ])
    }

    private func json(_ region: Region) -> Media.JSONValue {
        let box = [
            region.left, region.top, region.right - region.left + 1, region.bottom - region.top + 1,
        ]
        var members: Media.JSONValue.KeyValuePairs = [
            "class": .integer(region.label),
            "area": .integer(region.area),
            "box": .array(box.map { .integer($0) }),
        ]
        if result.foreground != nil {
            let mean = region.probability / Double(region.area)
            members.pairs.append(("score", .number(mean.rounded(toPlaces: 4))))
        }
        return .object(members)
    }

    private var regions: [Region] {
        var regions = (0..<256).map { Region(label: $0) }
        let width = result.labels.shape[1]
        let probabilities = result.foreground?.scalars
        result.labels.withUnsafeBuffer { labels in
            for (index, label) in labels.enumerated() where label != 0 {
                let (row, column) = index.quotientAndRemainder(dividingBy: width)
                regions[Int(label)].add(
                    row: row, column: column, probability: probabilities?[index] ?? 0)
            }
        }
        return regions.filter { $0.area > 0 }
    }
}
