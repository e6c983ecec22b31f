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
    var total = (first + second).sum()
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
    var total = (first + second).sum()
    while i < count {
        total += (values[i] - center) * (values[i] - center)
        i &+= 1
    }
    return total
}

/// What a reduction along an axis computes.
package enum Reduction: Sendable { case sum, maximum, minimum, sumOfSquares }

/// Reduces the middle axis of `[outer, count, inner]`, split over the pool.
///
/// Rows are added in runs of 256 and the runs' sums in double precision: the rounding error does not
/// grow with a long axis, and the result does not depend on the number of threads.
///
/// - Parameter center: `[outer, inner]`, subtracted before squaring by `.sumOfSquares`.
package func parallelReduce(
    _ reduction: Reduction, outer: Int, count: Int, inner: Int, _ source: UnsafePointer<Float>,
    center: UnsafePointer<Float>? = nil, into destination: UnsafeMutablePointer<Float>
) {
    let grain = max(1, elementwiseGrain / max(1, count))
    let columnGrain = inner == 1 ? 1 : max(16, (grain + 15) / 16 * 16)
    let blocks = (inner + columnGrain - 1) / max(1, columnGrain)
    ThreadPool.shared.runRanges(outer * blocks, grain: inner == 1 ? grain : 1) { range in
        for task in range {
            let row = task / blocks
            let first = task % blocks * columnGrain
            let columns = min(columnGrain, inner - first)
            reduceColumns(
                reduction, count: count, columns: columns, stride: inner,
                source + row * count * inner + first,
                center: center.map { $0 + row * inner + first },
                into: destination + row * inner + first)
        }
    }
}

private func reduceColumns(
    _ reduction: Reduction, count: Int, columns: Int, stride: Int, _ source: UnsafePointer<Float>,
    center: UnsafePointer<Float>?, into destination: UnsafeMutablePointer<Float>
) {
    for column in 0..<columns {
        let values = source + column
        switch reduction {
        case .maximum:
            var result = -Float.infinity
            for i in 0..<count { result = max(result, values[i &* stride]) }
            destination[column] = result
        case .minimum:
            var result = Float.infinity
            for i in 0..<count { result = min(result, values[i &* stride]) }
            destination[column] = result
        case .sum:
            var result = 0.0
            for i in 0..<count { result += Double(values[i &* stride]) }
            destination[column] = Float(result)
        case .sumOfSquares:
            let middle = center?[column] ?? 0
            var result = 0.0
            for i in 0..<count {
                let difference = Double(values[i &* stride] - middle)
                result += difference * difference
            }
            destination[column] = Float(result)
        }
    }
}
