import Tensor

/// How often each pair of a true and a predicted label occurs.
struct LabelHistogram: Sendable {
    /// 256 numbers for each true label.
    private(set) var counts = [Int](repeating: 0, count: 1 << 16)

    /// How many pixels have these labels.
    subscript(truth: Int, prediction: Int) -> Int { counts[truth << 8 | prediction] }

    /// Counts the pixels of one frame. The maps must be of one size.
    mutating func add(truth: Tensor<UInt8>, prediction: Tensor<UInt8>) {
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
