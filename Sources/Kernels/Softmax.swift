import CInstructionSet

/// Softmax of every row of `[rows, columns]`, split over the pool. Both may be the same buffer.
package func parallelSoftmax(
    rows: Int, columns: Int, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
) {
    guard columns > 0 else { return }
    // Rows are aligned as they are written: all is one row.
    let streams = Streaming.suits(
        count: rows * columns, from: source, into: destination, rowLength: nil)
    ThreadPool.shared.runRanges(rows, grain: max(1, elementwiseGrain / columns)) { range in
        guard streams else {
            for row in range {
                softmaxRow(columns, source + row &* columns, into: destination + row &* columns)
            }
            return
        }
        withScratch(floats: columns) { exponentials in
            for row in range {
                let sum = exponentialsOfRow(columns, source + row &* columns, into: exponentials)
                streamMultiplied(
                    columns, exponentials, by: 1 / sum, into: destination + row &* columns)
            }
        }
    }
}

/// Softmax of one row. Both may be the same buffer.
func softmaxRow(
    _ columns: Int, _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>
) {
    let sum = exponentialsOfRow(columns, source, into: destination)
    multiplied(columns, destination, by: 1 / sum, into: destination)
}

/// Writes what a row's softmax divides by the sum that is returned.
private func exponentialsOfRow(
    _ columns: Int, _ source: UnsafePointer<Float>, into destination: UnsafeMutablePointer<Float>
) -> Float {
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
        // The next row comes from afar while this one is computed.
        martlet_prefetch(source + (columns &+ i))
        let value = powerOfTwo(ofNonPositive: (load(source + i) - shift) * binaryLogarithmOfE)
        store(value, destination + i)
        sums += value
        i &+= 8
    }
    var sum = horizontalSum(sums)
    if left > 0 {
        let value = powerOfTwo(
            ofNonPositive: (loadPartial(source + i, left) - shift) * binaryLogarithmOfE)
        storePartial(value, destination + i, left)
        for lane in 0..<left { sum += value[lane] }
    }
    return sum
}

/// The products of a row with `factor`, past the caches. Rows may begin anywhere: what lies before the first address that
/// is a multiple of 32 bytes is written by itself.
private func streamMultiplied(
    _ count: Int, _ source: UnsafePointer<Float>, by factor: Float,
    into destination: UnsafeMutablePointer<Float>
) {
    let factors = Float8(repeating: factor)
    let floatsBeyond = Int(bitPattern: destination) / MemoryLayout<Float>.stride % 8
    var i = floatsBeyond == 0 ? 0 : min(count, 8 &- floatsBeyond)
    storePartial(loadPartial(source, i) * factors, destination, i)
    while i &+ 8 <= count {
        store(load(source + i) * factors, destination + i, streaming: true)
        i &+= 8
    }
    let left = count &- i
    if left > 0 { storePartial(loadPartial(source + i, left) * factors, destination + i, left) }
}
