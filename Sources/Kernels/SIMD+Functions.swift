private typealias Int8x32 = SIMD8<Int32>

/// `e^r` for `|r| <= ln(2) / 2`, where `x = n ln(2) + r`: returns the polynomial and `n` in the low bits.
///
/// ln(2) comes in two parts, the first short enough that its product with `n` is exact.
@_transparent
private func reducedExponential(_ x: Float8) -> (value: Float8, exponent: Int8x32) {
    // Adding this rounds a float of moderate size to an integer, which then stands in the low bits. (Not
    // a global: access to one that is no plain number goes through a lock and stops inlining.)
    let rounding = Float8(repeating: 12_582_912)
    let shifted = multiplyAdd(x, Float8(repeating: 1.442_695_04), rounding)
    let n = shifted - rounding
    var r = multiplyAdd(n, Float8(repeating: -0.693_359_375), x)
    r = multiplyAdd(n, Float8(repeating: 2.121_944_4e-4), r)
    var p = Float8(repeating: 1.987_569_15e-4)
    p = multiplyAdd(p, r, Float8(repeating: 1.398_199_950_7e-3))
    p = multiplyAdd(p, r, Float8(repeating: 8.333_451_907_3e-3))
    p = multiplyAdd(p, r, Float8(repeating: 4.166_579_589_4e-2))
    p = multiplyAdd(p, r, Float8(repeating: 1.666_666_545_9e-1))
    p = multiplyAdd(p, r, Float8(repeating: 5.000_000_120_1e-1))
    p = multiplyAdd(p, r * r, r + Float8(repeating: 1))
    return (p, unsafeBitCast(shifted, to: Int8x32.self))
}

/// `e^x` for `x <= 0`, the arguments of a softmax: relative error below 2e-7, exactly 0 below -87.3.
///
/// A larger argument counts as 0: the difference of two huge scores may come out positive by rounding.
@_transparent
package func exponentialOfNonPositive(_ x: Float8) -> Float8 {
    let smallest = Float8(repeating: -87.3)
    let (value, exponent) = reducedExponential(
        maximum(minimum(x, Float8(repeating: 0)), smallest))
    let scaled = unsafeBitCast(value, to: Int8x32.self) &+ (exponent &<< 23)
    return unsafeBitCast(scaled, to: Float8.self).replacing(
        with: Float8(repeating: 0), where: x .< smallest)
}

/// `2^x` for `x` at most 0, or above it by no more than rounding: relative error below 1.3e-7 down to -126, exactly 0
/// from -127 on, in between less than `2^-126`.
///
/// A softmax whose scores are multiplied by log2(e) needs no more, and no reduction by parts of ln(2). The polynomial is
/// the one of least relative error between -1/2 and 1/2. At -127 it is 1, whose exponent the shifted number takes away: that is
/// 0 without a comparison.
@_transparent
package func powerOfTwo(ofNonPositive x: Float8) -> Float8 {
    powerOfTwo(within: maximum(x, Float8(repeating: -127)))
}

/// `2^x` from -126 to 127, with the same error; at -127 exactly 0.
@_transparent
package func powerOfTwo(within x: Float8) -> Float8 {
    let rounding = Float8(repeating: 12_582_912)
    let shifted = x + rounding
    let r = x - (shifted - rounding)
    var p = Float8(repeating: 1.490_251_74e-4)
    p = multiplyAdd(p, r, Float8(repeating: 1.338_958_16e-3))
    p = multiplyAdd(p, r, Float8(repeating: 9.620_018_3e-3))
    p = multiplyAdd(p, r, Float8(repeating: 5.550_365_15e-2))
    p = multiplyAdd(p, r, Float8(repeating: 2.402_263_73e-1))
    p = multiplyAdd(p, r, Float8(repeating: 6.931_471_82e-1))
    p = multiplyAdd(p, r, Float8(repeating: 1))
    let scaled =
        unsafeBitCast(p, to: Int8x32.self) &+ (unsafeBitCast(shifted, to: Int8x32.self) &<< 23)
    return unsafeBitCast(scaled, to: Float8.self)
}

/// `e^x` over the whole range of floats, infinities and NaN included.
@_transparent
package func exponential(_ x: Float8) -> Float8 {
    let clamped = minimum(maximum(x, Float8(repeating: -110)), Float8(repeating: 100))
    let (value, exponent) = reducedExponential(clamped)
    // Two factors, since 2^n alone may be out of range.
    let n = (exponent &<< 9) &>> 9
    let half = n &>> 1
    return value * powerOfTwo(half) * powerOfTwo(n &- half)
}

@_transparent
private func powerOfTwo(_ n: Int8x32) -> Float8 {
    unsafeBitCast((n &+ Int8x32(repeating: 127)) &<< 23, to: Float8.self)
}

/// `1 / (1 + e^-x)`.
@_transparent
package func sigmoid(_ x: Float8) -> Float8 {
    Float8(repeating: 1) / (Float8(repeating: 1) + exponential(-x))
}

/// The error function, absolute error below 5e-7.
@_transparent
package func errorFunction(_ x: Float8) -> Float8 {
    let x = minimum(maximum(x, Float8(repeating: -4)), Float8(repeating: 4))
    let square = x * x
    var p = Float8(repeating: -2.726_142_258_013_06e-10)
    p = multiplyAdd(p, square, Float8(repeating: 2.770_681_424_959_02e-08))
    p = multiplyAdd(p, square, Float8(repeating: -2.101_024_020_825_08e-06))
    p = multiplyAdd(p, square, Float8(repeating: -5.692_506_394_623_46e-05))
    p = multiplyAdd(p, square, Float8(repeating: -7.349_906_303_268_55e-04))
    p = multiplyAdd(p, square, Float8(repeating: -2.954_599_808_540_25e-03))
    p = multiplyAdd(p, square, Float8(repeating: -1.609_603_332_624_15e-02))
    var q = Float8(repeating: -1.456_607_184_649_96e-05)
    q = multiplyAdd(q, square, Float8(repeating: -2.133_740_552_789_05e-04))
    q = multiplyAdd(q, square, Float8(repeating: -1.682_826_974_382_03e-03))
    q = multiplyAdd(q, square, Float8(repeating: -7.373_329_167_204_68e-03))
    q = multiplyAdd(q, square, Float8(repeating: -1.426_473_905_141_89e-02))
    return x * p / q
}

/// `x / 2 (1 + erf(x / sqrt(2)))`, the Gaussian error linear unit.
@_transparent
package func gelu(_ x: Float8) -> Float8 {
    let half = x * 0.5
    return multiplyAdd(half, errorFunction(x * 0.707_106_77), half)
}
