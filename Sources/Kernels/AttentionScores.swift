/// `line = line * scale + bias + keyMask` for `count` floats; returns the largest of them.
@inline(never)
func shiftScores(
    _ count: Int, _ line: UnsafeMutablePointer<Float>, scale: Float, bias: UnsafePointer<Float>?,
    keyMask: UnsafePointer<Float>?
) -> Float {
    switch (bias, keyMask) {
    case (let bias?, let mask?):
        shifted(count, line, scale) {
            load(bias + $0) + load(mask + $0)
        } last: {
            bias[$0] + mask[$0]
        }
    case (let addend?, nil), (nil, let addend?):
        shifted(count, line, scale) {
            load(addend + $0)
        } last: {
            addend[$0]
        }
    case (nil, nil):
        shifted(count, line, scale) { _ in
            Float8(repeating: 0)
        } last: { _ in
            0
        }
    }
}

@inline(__always)
private func shifted(
    _ count: Int, _ line: UnsafeMutablePointer<Float>, _ scale: Float, _ addend: (Int) -> Float8,
    last: (Int) -> Float
) -> Float {
    let factor = Float8(repeating: scale)
    var most = Float8(repeating: -.infinity)
    var i = 0
    while i &+ 8 <= count {
        let value = multiplyAdd(load(line + i), factor, addend(i))
        store(value, line + i)
        most = maximum(most, value)
        i &+= 8
    }
    var largest = horizontalMaximum(most)
    while i < count {
        line[i] = line[i] * scale + last(i)
        largest = max(largest, line[i])
        i &+= 1
    }
    return largest
}

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

/// By what scores are multiplied before they become powers of two.
let binaryLogarithmOfE: Float = 1.442_695_04

/// The largest score of a row of `padded` products, `count` of them real, and the factor that turns what then stands in
/// `line` into scores; both are scores times log2(e).
@inline(__always)
func largestScore(
    _ padded: Int, _ line: UnsafeMutablePointer<Float>, count: Int, scale: Float,
    bias: UnsafePointer<Float>?, keyMask: UnsafePointer<Float>?
) -> (largest: Float, factor: Float) {
    guard bias == nil, keyMask == nil, scale > 0 else {
        let most = shiftScores(count, line, scale: scale, bias: bias, keyMask: keyMask)
        return (most * binaryLogarithmOfE, binaryLogarithmOfE)
    }
    let factor = scale * binaryLogarithmOfE
    return (largestElement(padded, line) * factor, factor)
}

/// `line = 2^(line * factor - minus)` for `count` floats, a multiple of 16; returns their sum.
@inline(never)
func raiseTwo(
    _ count: Int, _ line: UnsafeMutablePointer<Float>, factor: Float, minus: Float
) -> Float {
    let factor = Float8(repeating: factor)
    // Product and difference round apart, as `minus` was rounded: the largest score gives exactly 0,
    // however large it is.
    let shift = Float8(repeating: minus)
    var even = Float8(repeating: 0)
    var odd = even
    var i = 0
    while i < count {
        let a = powerOfTwo(ofNonPositive: load(line + i) * factor - shift)
        let b = powerOfTwo(ofNonPositive: load(line + i + 8) * factor - shift)
        store(a, line + i)
        store(b, line + i + 8)
        even += a
        odd += b
        i &+= 16
    }
    return horizontalSum(even + odd)
}

/// The largest factor of cosines: even opposite keys have weights far above the smallest float.
package let largestCosineScale: Float = 32

/// `c = 2^(factor * (c - 1))` for `rows` by 16 cosines, just after they were stored.
@inline(never)
func weighTile(rows: Int, _ c: UnsafeMutablePointer<Float>, _ strideC: Int, factor: Float) {
    let factor = Float8(repeating: factor)
    let shift = -factor
    var c = c
    for _ in 0..<rows {
        store(powerOfTwo(within: multiplyAdd(load(c), factor, shift)), c)
        store(powerOfTwo(within: multiplyAdd(load(c + 8), factor, shift)), c + 8)
        c += strideC
    }
}
