/// The runs down the columns of the mask `values > threshold` of `[height, width]`.
package func runs(
    of values: UnsafePointer<Float>, height: Int, width: Int, above threshold: Float
) -> [UInt32] {
    var runs = ColumnRuns(height: height, width: width)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, width)) { pixels in
        guard let pixels = pixels.baseAddress else { return }
        for row in 0..<height {
            compare(width, values + row &* width, threshold, into: pixels)
            runs.add(pixels)
        }
    }
    return runs.counts()
}

/// The runs of the mask of each of `maps`, `[maps, height, width]`: `value > threshold` after the map was
/// sampled at `rows` and `columns`. No enlarged map is stored: rows are compared as they are made.
package func parallelResampledRuns(
    maps: Int, height: Int, width: Int, _ source: UnsafePointer<Float>, rows: LinearSampling,
    columns: LinearSampling, above threshold: Float
) -> [[UInt32]] {
    var results = [[UInt32]](repeating: [], count: maps)
    results.withUnsafeMutableBufferPointer { results in
        nonisolated(unsafe) let results = results
        ThreadPool.shared.run(maps) { map in
            results[map] = resampledRuns(
                width: width, source + map &* height &* width, rows: rows, columns: columns,
                above: threshold)
        }
    }
    return results
}

private func resampledRuns(
    width: Int, _ source: UnsafePointer<Float>, rows: LinearSampling, columns: LinearSampling,
    above threshold: Float
) -> [UInt32] {
    let (outHeight, outWidth) = (rows.weight.count, columns.weight.count)
    var runs = ColumnRuns(height: outHeight, width: outWidth)
    withScratch(floats: 3 &* outWidth) { scratch in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(1, outWidth)) { pixels in
            guard let pixels = pixels.baseAddress else { return }
            var above = StretchedRow(memory: scratch)
            var below = StretchedRow(memory: scratch + outWidth)
            let line = scratch + 2 &* outWidth
            for row in 0..<outHeight {
                if above.index != rows.first[row] { swap(&above, &below) }
                above.stretch(rows.first[row], source, width, 1, columns)
                below.stretch(rows.second[row], source, width, 1, columns)
                blend(outWidth, above.memory, below.memory, weight: rows.weight[row], into: line)
                compare(outWidth, line, threshold, into: pixels)
                runs.add(pixels)
            }
        }
    }
    return runs.counts()
}

/// 1 where a value is above the threshold, else 0.
@inline(__always)
private func compare(
    _ count: Int, _ values: UnsafePointer<Float>, _ threshold: Float,
    into pixels: UnsafeMutablePointer<UInt8>
) {
    for i in 0..<count { pixels[i] = values[i] > threshold ? 1 : 0 }
}
