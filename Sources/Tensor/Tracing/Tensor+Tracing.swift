extension Tensor {
    /// The same elements without a memory of how they were computed: a constant for whoever differentiates.
    public func detached() -> Tensor {
        Tensor(storage: storage, shape: shape, strides: strides, offset: offset)
    }

    /// Whether what is computed from this tensor can be differentiated.
    package var isTraced: Bool { origin != nil }

    /// This tensor, of the same elements as `other`, with the origin of `other`.
    func tracedLike(_ other: Tensor) -> Tensor {
        guard other.origin != nil else { return self }
        var result = self
        result.origin = other.origin
        return result
    }

    /// This tensor as the result of `operation` on `x`. Without a traced operand: just this tensor.
    func traced(from x: Tensor, as operation: @autoclosure () -> Operation) -> Tensor {
        x.origin == nil ? self : withOrigin(operation(), [x])
    }

    /// This tensor as the result of `operation` on `a` and `b`.
    func traced(
        from a: Tensor, _ b: Tensor, as operation: @autoclosure () -> Operation
    ) -> Tensor {
        a.origin == nil && b.origin == nil ? self : withOrigin(operation(), [a, b])
    }

    /// This tensor as the result of `operation` on those of `operands` that are there.
    func traced(
        from operands: [Tensor?], as operation: @autoclosure () -> Operation
    ) -> Tensor {
        operands.contains { $0?.origin != nil } ? withOrigin(operation(), operands) : self
    }

    private func withOrigin(_ operation: Operation, _ operands: [Tensor?]) -> Tensor {
        guard let values = detached() as? Tensor<Float>,
            let operands = operands as? [Tensor<Float>?]
        else { preconditionFailure("\(operation): tensors of \(Element.self) cannot be traced") }
        var result = self
        result.origin = Origin(operation, operands, result: values)
        return result
    }
}

extension Tensor<Float> {
    /// The same values as a parameter: what is computed from it remembers how.
    package func asTracedParameter() -> Tensor {
        var result = self
        result.origin = Origin(.parameter, [], result: detached())
        return result
    }
}

/// Stops an operation that has no gradient at a traced operand, instead of losing the gradient in silence.
package func requireUntraced(_ operation: String, _ operands: Tensor<Float>?...) {
    for case let operand? in operands where operand.isTraced {
        preconditionFailure(
            "\(operation): no gradient is known for it, but an operand of shape \(operand.shape) is traced"
        )
    }
}
