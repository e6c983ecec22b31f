/// Adds `count` vectors of `size` floats that lie one after the other to `result`, in order.
func addParts(
    _ parts: UnsafePointer<Float>, _ count: Int, size: Int,
    to result: UnsafeMutablePointer<Float>
) {
    guard count > 0 else { return }
    ThreadPool.shared.runRanges(size, grain: max(1024, elementwiseGrain / (count + 1))) { range in
        var i = range.lowerBound
        while i &+ 8 <= range.upperBound {
            var sum = load(result + i)
            for part in 0..<count { sum += load(parts + (part &* size &+ i)) }
            store(sum, result + i)
            i &+= 8
        }
        while i < range.upperBound {
            for part in 0..<count { result[i] += parts[part &* size &+ i] }
            i &+= 1
        }
    }
}
