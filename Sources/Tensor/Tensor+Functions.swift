import Kernels

extension Tensor<Float> {
    func mapped(_ operation: UnaryOperation) -> Tensor {
        withUnsafeBuffer { source in
            Tensor(shape: shape) { buffer in
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                parallelMap(operation, count: buffer.count, from, into: to)
            }
        }.traced(from: self, as: .unary(operation))
    }

    /// The elements limited to `min ... max`.
    public func clipped(min: Float = -.infinity, max: Float = .infinity) -> Tensor {
        mapped(.clip(min, max))
    }
}

/// `max(0, x)` of every element.
public func relu(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.relu) }

/// The Gaussian error linear unit of every element, exact (by the error function).
public func gelu(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.gelu) }

/// `1 / (1 + e^-x)` of every element.
public func sigmoid(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.sigmoid) }

/// `e^x` of every element.
public func exp(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.exponential) }

/// The natural logarithm of every element.
public func log(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.logarithm) }

/// The square root of every element.
public func sqrt(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.squareRoot) }

/// One over the square root of every element.
public func rsqrt(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.reciprocalSquareRoot) }

/// The magnitude of every element.
public func abs(_ x: Tensor<Float>) -> Tensor<Float> { x.mapped(.magnitude) }
