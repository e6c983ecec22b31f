import Tensor

/// How often each pair of a true and a predicted label occurs.
package struct LabelHistogram: Sendable {
    /// 256 numbers for each true label.
    private(set) var counts = [Int](repeating: 0, count: 1 << 16)

    /// A histogram of no pixel.
    package init() {}

    /// How many pixels have these labels.
    subscript(truth: Int, prediction: Int) -> Int { counts[truth << 8 | prediction] }

    /// Counts the pixels of one frame. The maps must be of one size.
    package mutating func add(truth: Tensor<UInt8>, prediction: Tensor<UInt8>) {
        precondition(
            truth.shape == prediction.shape,
            "LabelHistogram: \(truth.shape) and \(prediction.shape) differ")
        truth.withUnsafeBuffer { truth in
            prediction.withUnsafeBuffer { prediction in
                counts.withUnsafeMutableBufferPointer { counts in
                    for pixel in truth.indices {
                        counts[Int(truth[pixel]) << 8 | Int(prediction[pixel])] += 1
                    }
                }
            }
        }
    }

    /// Adds the counts of `other`.
    mutating func add(_ other: LabelHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }
}

extension LabelHistogram {
    /// Of the pixels that are not 0 in truth or prediction, the share whose labels are equal; not a number where there
    /// are none. In 32 bits, as MED-VT's `new_iou` has it.
    package var equalShare: Double {
        let equal = (1..<256).reduce(0) { $0 + self[$1, $1] }
        return Double(Float(equal) / Float(counts.reduce(0, +) - self[0, 0]))
    }

    /// The share of all pixels whose labels are equal.
    var accuracy: Double {
        Double((0..<256).reduce(0) { $0 + self[$1, $1] }) / Double(counts.reduce(0, +))
    }

    /// The share of a label's true pixels that were given it; not a number where there are none.
    func recall(of label: Int) -> Double {
        Double(self[label, label]) / Double((0..<256).reduce(0) { $0 + self[label, $1] })
    }
}
