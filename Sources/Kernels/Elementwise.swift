#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A function of one float that applies to every element.
package enum UnaryOperation: Sendable {
    case relu, gelu, sigmoid, exponential, logarithm, squareRoot, reciprocalSquareRoot, magnitude
    case negation
    case clip(Float, Float)
}

/// A function of two floats that applies to elements in pairs.
package enum BinaryOperation: Sendable {
    case add, subtract, multiply, divide, maximum, minimum
}

/// Elements that one task of a memory-bound loop handles.
package let elementwiseGrain = 32_768

/// `destination[i] = operation(source[i])`, split over the pool. Both may be the same buffer.
package func parallelMap(
    _ operation: UnaryOperation, count: Int, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
) {
    ThreadPool.shared.runRanges(count, grain: elementwiseGrain) { range in
        map(
            operation, count: range.count, source + range.lowerBound,
            into: destination + range.lowerBound)
    }
}

/// `destination[i] = operation(source[i])` on one thread. Both may be the same buffer.
package func map(
    _ operation: UnaryOperation, count: Int, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
) {
    switch operation {
    case .relu: vectorized(count, source, destination) { maximum($0, Float8(repeating: 0)) }
    case .gelu: vectorized(count, source, destination) { gelu($0) }
    case .sigmoid: vectorized(count, source, destination) { sigmoid($0) }
    case .exponential: vectorized(count, source, destination) { Kernels.exponential($0) }
    case .logarithm: for i in 0..<count { destination[i] = log(source[i]) }
    case .squareRoot: for i in 0..<count { destination[i] = source[i].squareRoot() }
    case .reciprocalSquareRoot:
        for i in 0..<count { destination[i] = 1 / source[i].squareRoot() }
    case .magnitude: for i in 0..<count { destination[i] = abs(source[i]) }
    case .negation: for i in 0..<count { destination[i] = -source[i] }
    case .clip(let low, let high):
        vectorized(count, source, destination) {
            minimum(maximum($0, Float8(repeating: low)), Float8(repeating: high))
        }
    }
}

@inline(__always)
private func vectorized(
    _ count: Int, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>,
    _ function: (Float8) -> Float8
) {
    var i = 0
    while i &+ 8 <= count {
        store(function(load(source + i)), destination + i)
        i &+= 8
    }
    guard i < count else { return }
    storePartial(function(loadPartial(source + i, count &- i)), destination + i, count &- i)
}

/// One run of a broadcast operation: `destination[i] = operation(a[i or 0], b[i or 0])`.
///
/// An operand whose stride is 0 is one value for the whole run.
///
/// - Parameter streams: Whether the result goes past the caches, see ``Streaming``.
package func combine(
    _ operation: BinaryOperation, count: Int, _ a: UnsafePointer<Float>, strideA: Int,
    _ b: UnsafePointer<Float>, strideB: Int, streams: Bool = false,
    into destination: UnsafeMutablePointer<Float>
) {
    func over(_ function: (Float8, Float8) -> Float8) {
        vectorized(count, a, strideA, b, strideB, destination, streams, function)
    }
    switch operation {
    case .add: over { $0 + $1 }
    case .subtract: over { $0 - $1 }
    case .multiply: over { $0 * $1 }
    case .divide: over { $0 / $1 }
    case .maximum: over { Kernels.maximum($0, $1) }
    case .minimum: over { Kernels.minimum($0, $1) }
    }
}

@inline(__always)
private func vectorized(
    _ count: Int, _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>,
    _ strideB: Int, _ destination: UnsafeMutablePointer<Float>, _ streams: Bool,
    _ function: (Float8, Float8) -> Float8
) {
    guard count > 0 else { return }
    let firstA = Float8(repeating: a[0])
    let firstB = Float8(repeating: b[0])
    var i = 0
    if strideA != 0, strideB != 0 {
        while i &+ 8 <= count {
            store(function(load(a + i), load(b + i)), destination + i, streaming: streams)
            i &+= 8
        }
    } else if strideA != 0 {
        while i &+ 8 <= count {
            store(function(load(a + i), firstB), destination + i, streaming: streams)
            i &+= 8
        }
    } else if strideB != 0 {
        while i &+ 8 <= count {
            store(function(firstA, load(b + i)), destination + i, streaming: streams)
            i &+= 8
        }
    } else {
        let value = function(firstA, firstB)
        while i &+ 8 <= count {
            store(value, destination + i)
            i &+= 8
        }
    }
    guard i < count else { return }
    let left = count &- i
    let lastA = strideA != 0 ? loadPartial(a + i, left) : firstA
    let lastB = strideB != 0 ? loadPartial(b + i, left) : firstB
    storePartial(function(lastA, lastB), destination + i, left)
}

/// `to = from * factor` for `count` floats.
@inline(__always)
func multiplied(
    _ count: Int, _ from: UnsafePointer<Float>, by factor: Float,
    into to: UnsafeMutablePointer<Float>
) {
    var i = 0
    while i &+ 8 <= count {
        store(load(from + i) * factor, to + i)
        i &+= 8
    }
    while i < count {
        to[i] = from[i] * factor
        i &+= 1
    }
}
