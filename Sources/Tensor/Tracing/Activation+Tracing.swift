import Kernels

extension Activation {
    /// Whether the derivative can be told only from what the function was applied to, not from its result.
    var needsItsArgument: Bool {
        if case .gelu = self { true } else { false }
    }
}

extension Tensor<Float> {
    /// The activation of every element, as an operation of its own.
    func applying(_ activation: Activation) -> Tensor {
        switch activation {
        case .none: self
        case .relu: relu(self)
        case .relu6: clipped(min: 0, max: 6)
        case .gelu: gelu(self)
        }
    }
}
