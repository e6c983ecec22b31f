/// The mean of some numbers, added in NumPy's order: the last digit of an official score comes from there.
///
/// NumPy adds eight interleaved sums over up to 128 numbers and halves what is longer.
func pairwiseMean(_ values: [Double]) -> Double {
    values.withUnsafeBufferPointer { pairwiseSum($0[...]) } / Double(values.count)
}

/// The mean of those that are numbers; not a number where none is. NumPy's `nanmean`.
func pairwiseMeanOfNumbers(_ values: [Double]) -> Double {
    let count = values.count { !$0.isNaN }
    let sum = values.map { $0.isNaN ? 0 : $0 }.withUnsafeBufferPointer { pairwiseSum($0[...]) }
    return sum / Double(count)
}

private func pairwiseSum(_ values: Slice<UnsafeBufferPointer<Double>>) -> Double {
    let count = values.count
    guard count <= 128 else {
        let half = count / 2 / 8 * 8
        return pairwiseSum(values.prefix(half)) + pairwiseSum(values.dropFirst(half))
    }
    guard count >= 8 else { return values.reduce(0, +) }
    let start = values.startIndex
    var sums = Array(values.prefix(8))
    let whole = count / 8 * 8
    for place in 8..<max(8, whole) { sums[place % 8] += values[start + place] }
    let sum =
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    return values.dropFirst(whole).reduce(sum, +)
}
