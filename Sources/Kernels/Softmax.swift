/// Softmax of every row of `[rows, columns]`, split over the pool. Both may be the same buffer.
package func parallelSoftmax(
    rows: Int, columns: Int, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
) {
    guard columns > 0 else { return }
    ThreadPool.shared.runRanges(rows, grain: max(1, elementwiseGrain / columns)) { range in
        for row in range {
            softmaxRow(columns, source + row &* columns, into: destination + row &* columns)
        }
    }
}

/// Softmax of one row. Both may be the same buffer.
func softmaxRow(
    _ columns: Int, _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>
) {
    var largest = Float8(repeating: -.infinity)
    var i = 0
    while i &+ 8 <= columns {
        largest = maximum(largest, load(source + i))
        i &+= 8
    }
    let left = columns &- i
    if left > 0 {
        largest = maximum(largest, loadPartial(source + i, left, filler: -.infinity))
    }
    let shift = Float8(repeating: horizontalMaximum(largest))
    var sums = Float8(repeating: 0)
    i = 0
    while i &+ 8 <= columns {
        let value = exponentialOfNonPositive(load(source + i) - shift)
        store(value, destination + i)
        sums += value
        i &+= 8
    }
    var sum = horizontalSum(sums)
    if left > 0 {
        let value = exponentialOfNonPositive(loadPartial(source + i, left) - shift)
        storePartial(value, destination + i, left)
        for lane in 0..<left { sum += value[lane] }
    }
    multiplied(columns, destination, by: 1 / sum, into: destination)
}
