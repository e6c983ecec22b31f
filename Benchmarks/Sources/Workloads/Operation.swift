import Checkpoints
import Tensor

/// An operation on operands of known shapes.
///
/// Its fields, encoded, tell a peer what to compute.
package protocol Operation: Encodable, Sendable {
    /// What it works on, by name. Any program can make the values: see `SyntheticWeights`.
    var operands: [Operand] { get }

    /// What the speed is measured in.
    var cost: Cost { get }

    /// Packs the operands that are weights and gives the operation. An operation that works in place goes on
    /// from its last result: only the first call's is that of the operands.
    func prepared(_ operands: Operands) throws -> () -> [Tensor<Float>]

    /// The same over fewer rows, frames or pixels, for tests: the way through the kernels stays.
    var reduced: Self { get }
}

extension Operation {
    /// What a peer knows the operation by.
    package static var kind: String { String(describing: Self.self) }
}

/// What must be done at least.
package enum Cost: Sendable {
    /// Multiplications and additions of the definition; an algorithm may need fewer.
    case arithmetic(Double)
    /// Bytes to be read and written.
    case memory(Double)

    /// Of `count` multiply-adds.
    static func products(_ count: Int) -> Cost { .arithmetic(2 * Double(count)) }

    /// Of floats read and written.
    static func floats(_ count: Int) -> Cost { .memory(4 * Double(count)) }
}
