import Tensor

/// One operation on the shape that it has in a model.
struct Workload {
    /// What a workload's speed is measured in.
    enum Unit {
        /// Multiplications and additions.
        case operations(Double)
        /// Bytes that must be read and written at least once.
        case bytes(Double)
    }

    /// Named for the place in a model that it comes from.
    let name: String
    let unit: Unit
    /// Makes the operands and gives the operation on them.
    let prepare: () -> () -> Void

    init(_ name: String, _ unit: Unit, _ prepare: @escaping () -> () -> Void) {
        self.name = name
        self.unit = unit
        self.prepare = prepare
    }

    /// The median time of `runs` runs after one that is not counted.
    func medianSeconds(runs: Int) -> Double {
        let operation = prepare()
        operation()
        let seconds = (0..<runs).map { _ in
            let duration = ContinuousClock().measure(operation)
            return Double(duration.components.seconds)
                + Double(duration.components.attoseconds) * 1e-18
        }
        return seconds.sorted()[runs / 2]
    }
}

extension Tensor<Float> {
    /// Values in -1 ... 1 without structure, the same at every call.
    static func noise(_ shape: [Int]) -> Tensor<Float> {
        Tensor(shape: shape) { values in
            var state: UInt32 = 1
            for index in values.indices {
                state = state &* 1_664_525 &+ 1_013_904_223
                values[index] = Float(state >> 8) / Float(1 << 23) - 1
            }
        }
    }
}
