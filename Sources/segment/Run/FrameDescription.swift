import Tensor

/// One line of `frames.jsonl`: what is on a frame.
struct FrameDescription: Encodable {
    /// The pixels of one class or of one object.
    struct Region: Encodable {
        /// The class: the label of a model of pixels, the id of an object's category.
        let label: Int

        /// The class' name, where it is known.
        let name: String?

        /// The object's number, the same in every frame.
        var track: Int?

        let area: Int

        /// Left, top, width and height of the smallest box around the pixels.
        let box: [Int]

        /// The mean probability of foreground, of a model with one class; how sure the model is of an
        /// object.
        let score: Double?

        /// An object's mask.
        var mask: ResultsEntry.Segmentation?

        private enum CodingKeys: String, CodingKey {
            case label = "class"
            case name, track, area, box, score, mask
        }
    }

    /// The frame's index in the input.
    let frame: Int
    let name: String
    let width: Int
    let height: Int

    /// One for each class but the background, or for each object, that is on the frame.
    let regions: [Region]

    /// - Parameter names: the names of classes, by number.
    init(_ result: FrameResult, names: [Int: String]) {
        frame = result.index
        name = result.name
        height = result.labels.shape[0]
        width = result.labels.shape[1]
        regions =
            result.instances.map { $0.compactMap(Self.region(of:)) }
            ?? Self.regions(of: result, names)
    }

    private static func region(of instance: FrameInstance) -> Region? {
        guard let box = instance.mask.boundingBox else { return nil }
        return Region(
            label: instance.category, name: instance.name, track: instance.track,
            area: instance.mask.area, box: [box.x, box.y, box.width, box.height],
            score: Double(instance.score),
            mask: .init(
                size: [instance.mask.height, instance.mask.width],
                counts: instance.mask.compressed))
    }

    private static func regions(of result: FrameResult, _ names: [Int: String]) -> [Region] {
        var sums = (0..<256).map { _ in Sum() }
        let width = result.labels.shape[1]
        let probabilities = result.foreground?.scalars
        result.labels.withUnsafeBuffer { labels in
            for (index, label) in labels.enumerated() where label != 0 {
                let (row, column) = index.quotientAndRemainder(dividingBy: width)
                sums[Int(label)].add(
                    row: row, column: column, probability: probabilities?[index] ?? 0)
            }
        }
        return sums.enumerated().filter { $1.area > 0 }.map { label, sum in
            let mean = sum.probability / Double(sum.area)
            return Region(
                label: label, name: names[label], area: sum.area,
                box: [sum.left, sum.top, sum.right - sum.left + 1, sum.bottom - sum.top + 1],
                score: probabilities == nil ? nil : mean.rounded(toPlaces: 4))
        }
    }

    /// What is gathered about a region, pixel by pixel.
    private struct Sum {
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
}
