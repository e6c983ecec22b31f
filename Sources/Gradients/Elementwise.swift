import Kernels
import Tensor

/// The gradient by the argument of an element-wise function.
///
/// At a kink of the function the derivative is PyTorch's: 0 for `relu` and the magnitude at 0, 1 for `clip` at
/// its bounds.
///
/// - Parameters:
///   - x: The argument.
///   - result: What the function made of it.
///   - gradient: By the result.
package func unaryGradient(
    _ operation: UnaryOperation, x: Tensor<Float>, result: Tensor<Float>, gradient: Tensor<Float>
) -> Tensor<Float> {
    precondition(
        x.shape == gradient.shape && result.shape == gradient.shape,
        "unaryGradient: argument \(x.shape), result \(result.shape), gradient \(gradient.shape)")
    // Where the result says it all, the argument is not read.
    let known: Tensor<Float>
    switch operation {
    case .relu, .sigmoid, .exponential, .squareRoot, .reciprocalSquareRoot: known = result
    case .gelu, .logarithm, .magnitude, .clip: known = x
    case .negation: return -gradient
    }
    return paired(known, gradient) { count, value, gradient, to in
        differentiate(operation, count: count, value, gradient, into: to)
    }
}

/// The gradient by the argument of an activation of which only the result is known.
package func activationGradient(
    _ activation: Activation, result: Tensor<Float>, gradient: Tensor<Float>
) -> Tensor<Float> {
    switch activation {
    case .none: gradient
    case .relu: unaryGradient(.relu, x: result, result: result, gradient: gradient)
    case .relu6: paired(result, gradient, differentiateReLU6)
    case .gelu:
        preconditionFailure("activationGradient: the result of gelu does not tell its derivative")
    }
}

/// A tensor made run by run of pairs of elements, split over the pool.
func paired(
    _ a: Tensor<Float>, _ b: Tensor<Float>,
    _ compute: (Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) ->
        Void
) -> Tensor<Float> {
    a.withUnsafeBuffer { a in
        b.withUnsafeBuffer { b in
            Tensor(shape: [a.count]) { buffer in
                guard let a = a.baseAddress, let b = b.baseAddress, let to = buffer.baseAddress
                else { return }
                ThreadPool.shared.runRanges(buffer.count, grain: elementwiseGrain) { range in
                    let start = range.lowerBound
                    compute(range.count, a + start, b + start, to + start)
                }
            }
        }
    }.reshaped(a.shape)
}
