/// The largest of `count` floats, a multiple of 16.
@inline(never)
func largestElement(_ count: Int, _ line: UnsafePointer<Float>) -> Float {
    var even = load(line)
    var odd = load(line + 8)
    var i = 16
    while i < count {
        even = maximum(even, load(line + i))
        odd = maximum(odd, load(line + i + 8))
        i &+= 16
    }
    return horizontalMaximum(maximum(even, odd))
}

/// `line = e^(line * scale - minus)` for `count` floats, a multiple of 16; returns their sum.
@inline(never)
func exponentiate(
    _ count: Int, _ line: UnsafeMutablePointer<Float>, scale: Float, minus: Float
) -> Float {
    let factor = Float8(repeating: scale)
    // Product and difference round apart, as `minus` was rounded: the largest score gives exactly 0,
    // however large it is.
    let shift = Float8(repeating: minus)
    var even = Float8(repeating: 0)
    var odd = even
    var i = 0
    while i < count {
        let a = exponentialOfNonPositive(load(line + i) * factor - shift)
        let b = exponentialOfNonPositive(load(line + i + 8) * factor - shift)
        store(a, line + i)
        store(b, line + i + 8)
        even += a
        odd += b
        i &+= 16
    }
    return horizontalSum(even + odd)
}
