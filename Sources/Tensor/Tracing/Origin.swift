import Synchronization

/// How a traced tensor was computed: one node of the graph that leads from a result back to the parameters.
///
/// A tensor has an origin where an operand had one; at the beginning stand parameters. The graph belongs to
/// its results and goes with them.
package final class Origin: Sendable {
    /// Later origins have larger numbers than those that they depend on.
    package let number: Int
    package let operation: Operation
    package let operands: [Tensor<Float>?]
    /// What came out, itself without an origin.
    package let result: Tensor<Float>

    private static let count = Atomic<Int>(0)

    init(_ operation: Operation, _ operands: [Tensor<Float>?], result: Tensor<Float>) {
        number = Self.count.add(1, ordering: .relaxed).newValue
        self.operation = operation
        self.operands = operands
        self.result = result
    }
}
