import Media
import Tensor

/// How many pixels of a frame, or of several, have each pair of a true and a predicted id.
struct PairCounts: Sendable {
    /// A pair of ids.
    struct Pair: Hashable, Sendable {
        let truth: UInt32
        let prediction: UInt32
    }

    private(set) var counts: [Pair: Int] = [:]

    /// Counts nothing.
    init() {}

    /// Counts the pixels of two images whose colours are ids.
    ///
    /// - Parameter id: the id of a colour.
    init(
        truth: Tensor<UInt8>, prediction: Tensor<UInt8>,
        id: (_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32
    ) {
        precondition(
            truth.shape == prediction.shape, "PairCounts: \(truth.shape), \(prediction.shape)")
        truth.withUnsafeBuffer { truth in
            prediction.withUnsafeBuffer { prediction in
                var current: Pair?
                var run = 0
                // Neighbours mostly are alike: a run is looked up once.
                for start in stride(from: 0, to: truth.count, by: 3) {
                    let pair = Pair(
                        truth: id(truth[start], truth[start + 1], truth[start + 2]),
                        prediction: id(
                            prediction[start], prediction[start + 1], prediction[start + 2]))
                    if pair == current {
                        run += 1
                    } else {
                        if let current { counts[current, default: 0] += run }
                        (current, run) = (pair, 1)
                    }
                }
                if let current { counts[current, default: 0] += run }
            }
        }
    }

    /// Reads two image files and counts their pixels.
    init(
        truth: String, prediction: String,
        id: (_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32
    ) throws {
        let truthImage = try ImageFile.read(truth)
        let image = try ImageFile.read(prediction)
        guard image.shape == truthImage.shape else {
            throw EvaluationError(
                .badData,
                "\(prediction): the prediction is \(image.shape[1])x\(image.shape[0]), its ground truth "
                    + "\(truthImage.shape[1])x\(truthImage.shape[0]); write predictions at the size of the annotation"
            )
        }
        self.init(truth: truthImage, prediction: image, id: id)
    }

    /// The pixels of that pair.
    subscript(truth: UInt32, prediction: UInt32) -> Int {
        counts[Pair(truth: truth, prediction: prediction)] ?? 0
    }

    /// The pixels of each predicted id.
    var predictedAreas: [UInt32: Int] {
        var areas: [UInt32: Int] = [:]
        for (pair, count) in counts { areas[pair.prediction, default: 0] += count }
        return areas
    }

    /// Adds the counts of `other`.
    mutating func add(_ other: PairCounts) {
        counts.merge(other.counts, uniquingKeysWith: +)
    }

    /// COCO-panoptic's ids: red, green and blue from the lowest byte up.
    static func panopticID(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32 {
        UInt32(red) | UInt32(green) << 8 | UInt32(blue) << 16
    }
}
