/// The gradient by the argument of an element-wise function, on one thread:
/// `destination[i] = gradient[i] * derivative`.
///
/// - Parameter known: The function's result for `relu`, `sigmoid`, `exponential` and the square roots; its
///   argument for the others.
package func differentiate(
    _ operation: UnaryOperation, count: Int, _ known: UnsafePointer<Float>,
    _ gradient: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>
) {
    let (zero, one) = (Float8(repeating: 0), Float8(repeating: 1))
    switch operation {
    case .relu:
        pairs(count, known, gradient, destination) { y, g in zero.replacing(with: g, where: y .> 0)
        }
    case .gelu: pairs(count, known, gradient, destination) { x, g in g * geluDerivative(x) }
    case .sigmoid: pairs(count, known, gradient, destination) { y, g in g * (y * (one - y)) }
    case .exponential: pairs(count, known, gradient, destination) { y, g in g * y }
    case .logarithm: pairs(count, known, gradient, destination) { x, g in g / x }
    case .squareRoot: pairs(count, known, gradient, destination) { y, g in g / (y + y) }
    case .reciprocalSquareRoot:
        pairs(count, known, gradient, destination) { y, g in g * (y * y * y * -0.5) }
    case .magnitude:
        pairs(count, known, gradient, destination) { x, g in
            zero.replacing(with: g, where: x .> 0).replacing(with: -g, where: x .< 0)
        }
    case .negation: pairs(count, known, gradient, destination) { _, g in -g }
    case .clip(let low, let high):
        pairs(count, known, gradient, destination) { x, g in
            g.replacing(with: 0, where: (x .< low) .| (x .> high))
        }
    }
}

/// The gradient by the argument of `relu6`, whose results are `known`: none where these are 0 or 6.
package func differentiateReLU6(
    _ count: Int, _ known: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
) {
    pairs(count, known, gradient, destination) { y, g in
        g.replacing(with: 0, where: (y .<= 0) .| (y .>= 6))
    }
}

/// The derivative of the Gaussian error linear unit: the normal distribution function plus `x` times its
/// density.
@inline(__always)
private func geluDerivative(_ x: Float8) -> Float8 {
    let distribution = multiplyAdd(
        errorFunction(x * 0.707_106_77), Float8(repeating: 0.5), Float8(repeating: 0.5))
    let density = exponentialOfNonPositive(x * x * -0.5) * 0.398_942_28
    return multiplyAdd(x, density, distribution)
}

@inline(__always)
func pairs(
    _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ destination: UnsafeMutablePointer<Float>, _ function: (Float8, Float8) -> Float8
) {
    var i = 0
    while i &+ 8 <= count {
        store(function(load(a + i), load(b + i)), destination + i)
        i &+= 8
    }
    guard i < count else { return }
    let left = count &- i
    storePartial(
        function(loadPartial(a + i, left), loadPartial(b + i, left)), destination + i, left)
}
