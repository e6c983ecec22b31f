import Tensor

/// How many pixels of each true class were given each class.
package struct Confusion: Sendable {
    /// How many classes there are.
    let classes: Int

    /// A row a true class, a column a predicted class.
    private(set) var counts: [Int]

    /// A table of no pixel.
    init(classes: Int) {
        self.classes = classes
        counts = Array(repeating: 0, count: classes * classes)
    }

    /// The table of one frame, whose classes are known to be below `classes`.
    package init(_ groundTruth: Tensor<UInt8>, _ prediction: Tensor<UInt8>, classes: Int) {
        precondition(
            groundTruth.shape == prediction.shape,
            "Confusion: \(groundTruth.shape) and \(prediction.shape) differ")
        self.init(classes: classes)
        counts.withUnsafeMutableBufferPointer { counts in
            groundTruth.withUnsafeBuffer { truths in
                prediction.withUnsafeBuffer { predictions in
                    for pixel in truths.indices {
                        counts[Int(truths[pixel]) &* classes &+ Int(predictions[pixel])] &+= 1
                    }
                }
            }
        }
    }

    /// Adds the pixels of another table.
    mutating func add(_ other: Confusion) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// The classes that some truth has.
    var classesOfTruth: [Int] { (0..<classes).filter { truth($0) > 0 } }

    /// Pixels of the class in both over pixels of it in either.
    func overlap(_ id: Int) -> Double {
        Double(both(id)) / Double(truth(id) + predicted(id) - both(id))
    }

    /// The share of the class's true pixels that were found.
    func recall(_ id: Int) -> Double { Double(both(id)) / Double(truth(id)) }

    /// The share of all pixels whose classes are equal.
    var accuracy: Double {
        Double((0..<classes).reduce(0) { $0 + both($1) }) / Double(counts.reduce(0, +))
    }

    /// Of the pixels that are not background in truth or prediction, the share whose classes are equal; not a number
    /// where there are none. In 32 bits, as MED-VT's `new_iou` has it.
    package var equalShare: Double {
        let equal = (1..<classes).reduce(0) { $0 + both($1) }
        let pixels = counts.reduce(0, +) - both(0)
        return Double(Float(equal) / Float(pixels))
    }

    private func both(_ id: Int) -> Int { counts[id * classes + id] }
    private func truth(_ id: Int) -> Int {
        (0..<classes).reduce(0) { $0 + counts[id * classes + $1] }
    }
    private func predicted(_ id: Int) -> Int {
        (0..<classes).reduce(0) { $0 + counts[$1 * classes + id] }
    }
}
