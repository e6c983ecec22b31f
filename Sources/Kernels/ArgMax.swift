/// The index of the largest along the middle axis of `[outer, count, inner]`, the first of equals.
package func parallelArgMax(
    outer: Int, count: Int, inner: Int, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Int32>
) {
    let grain = max(1, elementwiseGrain / count)
    ThreadPool.shared.runRanges(outer * inner, grain: grain) { range in
        for index in range {
            let values = source + index / inner &* count &* inner + index % inner
            var best = 0
            for i in 1..<max(1, count) where values[i &* inner] > values[best &* inner] {
                best = i
            }
            destination[index] = Int32(best)
        }
    }
}
