import Media
import Tensor

/// An image whose pixels are the ids of objects or classes.
struct LabelMap: Sendable {
    /// The ids, `[height, width]`.
    let labels: Tensor<UInt8>

    /// Where it comes from, for messages.
    let path: String

    var height: Int { labels.shape[0] }
    var width: Int { labels.shape[1] }

    /// Reads a PNG file with a palette or gray levels.
    init(path: String) throws {
        labels = try ImageFile.readMask(path)
        self.path = path
    }

    /// The pixels of one id.
    func mask(of id: UInt8) -> BitMask { BitMask(labels, equalTo: id) }

    /// The pixels that are not 0.
    var foreground: BitMask { BitMask(nonzero: labels) }

    /// Which ids occur.
    func occurringIDs() -> [Bool] {
        labels.withUnsafeBuffer { labels in
            [Bool](unsafeUninitializedCapacity: 256) { occurs, count in
                occurs.initialize(repeating: false)
                count = 256
                // Label maps are uniform for the most part: only where a pixel differs from the one before.
                var last = -1
                for label in labels where Int(label) != last {
                    last = Int(label)
                    occurs[last] = true
                }
            }
        }
    }

    /// The largest id but `void`.
    func largestID(butVoid void: UInt8? = nil) -> Int {
        let occurs = occurringIDs()
        return occurs.indices.last { occurs[$0] && UInt8($0) != void } ?? 0
    }

    /// Throws unless this prediction has the size of the ground truth.
    func requireSize(of groundTruth: LabelMap) throws {
        try requireSize(height: groundTruth.height, width: groundTruth.width)
    }

    /// Throws unless this prediction has the size of its ground truth.
    func requireSize(height: Int, width: Int) throws {
        guard self.height == height, self.width == width else {
            throw EvaluationError(
                .badData,
                "\(path): the prediction is \(self.width)x\(self.height), its ground truth "
                    + "\(width)x\(height); write predictions at the size of the annotation")
        }
    }
}
