/// The sum of the lanes.
@inline(__always)
package func horizontalSum(_ v: Float8) -> Float {
    let four = v.lowHalf + v.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
}

/// The sum of `count` floats, in sixteen interleaved partial sums.
package func sum(_ count: Int, _ values: UnsafePointer<Float>) -> Float {
    var first = Float8(repeating: 0)
    var second = first
    var i = 0
    while i &+ 16 <= count {
        first += load(values + i)
        second += load(values + i + 8)
        i &+= 16
    }
    var total = horizontalSum(first + second)
    while i < count {
        total += values[i]
        i &+= 1
    }
    return total
}

/// The sum of `(value - center)^2`.
package func sumOfSquares(
    _ count: Int, _ values: UnsafePointer<Float>, around center: Float
) -> Float {
    let middle = Float8(repeating: center)
    var first = Float8(repeating: 0)
    var second = first
    var i = 0
    while i &+ 16 <= count {
        let a = load(values + i) - middle
        let b = load(values + i + 8) - middle
        first = multiplyAdd(a, a, first)
        second = multiplyAdd(b, b, second)
        i &+= 16
    }
    var total = horizontalSum(first + second)
    while i < count {
        total += (values[i] - center) * (values[i] - center)
        i &+= 1
    }
    return total
}

/// Reduces the middle axis of `[outer, count, inner]`, split over the pool.
///
/// Sums are taken over parts of the axis in single precision and the parts are added in double
/// precision: the rounding error does not grow with a long axis. The parts do not depend on the number
/// of threads.
///
/// - Parameters:
///   - count: At least one for `.maximum` and `.minimum`.
///   - center: `[outer, inner]`, subtracted before squaring by `.sumOfSquares`.
package func parallelReduce(
    _ reduction: Reduction, outer: Int, count: Int, inner: Int, _ source: UnsafePointer<Float>,
    center: UnsafePointer<Float>? = nil, into destination: UnsafeMutablePointer<Float>
) {
    let part =
        inner == 1
        ? elementwiseGrain / 4 : max(1, min(accumulationRows, elementwiseGrain / max(1, inner)))
    let parts = max(1, (count + part - 1) / part)
    let grain = max(1, elementwiseGrain / max(1, min(part, count) * inner))
    withScratch(floats: parts > 1 ? outer * parts * inner : 0) { scratch in
        let partial = parts > 1 ? scratch : destination
        ThreadPool.shared.runRanges(outer * parts, grain: grain) { range in
            for task in range {
                let (row, start) = (task / parts, task % parts * part)
                reducePart(
                    reduction, rows: min(part, count - start), columns: inner,
                    source + (row * count + start) * inner,
                    center: center.map { $0 + row * inner }, into: partial + task * inner)
            }
        }
        guard parts > 1 else { return }
        for row in 0..<outer {
            for column in 0..<inner {
                let values = partial + row * parts * inner + column
                destination[row * inner + column] = merged(reduction, parts, values, inner)
            }
        }
    }
}

private func reducePart(
    _ reduction: Reduction, rows: Int, columns: Int, _ source: UnsafePointer<Float>,
    center: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>
) {
    guard columns == 1 else {
        accumulateRows(
            reduction, rows: rows, columns: columns, source, stride: columns, center: center,
            into: result)
        return
    }
    switch reduction {
    case .sum: result.pointee = sum(rows, source)
    case .sumOfSquares: result.pointee = sumOfSquares(rows, source, around: center?.pointee ?? 0)
    case .maximum: result.pointee = extremum(rows, source) { maximum($0, $1) }
    case .minimum: result.pointee = -extremum(rows, source) { -minimum(-$0, $1) }
    }
}

/// The largest value, or with a `larger` that compares negated values, minus the smallest.
@inline(__always)
private func extremum(
    _ count: Int, _ values: UnsafePointer<Float>, _ larger: (Float8, Float8) -> Float8
) -> Float {
    var best = larger(Float8(repeating: -.infinity), Float8(repeating: values[0]))
    var i = 0
    while i &+ 8 <= count {
        best = larger(best, load(values + i))
        i &+= 8
    }
    if i < count {
        best = larger(best, loadPartial(values + i, count &- i, filler: values[0]))
    }
    return horizontalMaximum(best)
}

private func merged(
    _ reduction: Reduction, _ parts: Int, _ values: UnsafePointer<Float>, _ stride: Int
) -> Float {
    switch reduction {
    case .maximum: (1..<max(1, parts)).reduce(values[0]) { max($0, values[$1 * stride]) }
    case .minimum: (1..<max(1, parts)).reduce(values[0]) { min($0, values[$1 * stride]) }
    case .sum, .sumOfSquares:
        Float((0..<parts).reduce(0.0) { $0 + Double(values[$1 * stride]) })
    }
}
