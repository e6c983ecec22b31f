import Checkpoints
import Tensor

/// A tensor's name and shape, and the range of its values.
package typealias Operand = SyntheticWeights.Specification

extension Operand {
    /// Values spread evenly over `base - scale ..< base + scale`.
    init(_ name: String, _ shape: [Int], base: Float = 0, scale: Float = 1) {
        self.init(name: name, shape: shape, base: base, scale: scale)
    }
}

/// The tensors that an operation works on, made when they are asked for.
package typealias Operands = SyntheticWeights

extension Operands {
    /// The tensor of this name.
    package subscript(name: String) -> Tensor<Float> { get throws { try floats(name) } }
}
