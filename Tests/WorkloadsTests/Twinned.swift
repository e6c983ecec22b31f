import Tensor
import Workloads

/// An operation with a plain implementation in double precision.
protocol Twinned {
    /// What the results must be.
    func plainly(_ operands: Operands) throws -> [Expected]
}

/// One of a twin's results and how far from it ours may lie.
struct Expected {
    let values: [Double]
    let tolerance: Double

    init(_ values: [Double], within tolerance: Double) {
        (self.values, self.tolerance) = (values, tolerance)
    }

    init(_ values: Tensor<Float>, within tolerance: Float) {
        self.init(values.scalars.map(Double.init), within: Double(tolerance))
    }
}
