/// `steps` times twelve multiply-adds of eight floats each, in registers: `s = s * factor + addend`.
///
/// - Parameter sums: `[12, 8]`; the loop's results, too, so that none may be left out.
@inline(never)
func multiplyAdds(
    steps: Int, _ sums: UnsafeMutablePointer<Float>, factor: Float, addend: Float
) {
    let factor = Float8(repeating: factor)
    let addend = Float8(repeating: addend)
    var s0 = load(sums + 0)
    var s1 = load(sums + 8)
    var s2 = load(sums + 16)
    var s3 = load(sums + 24)
    var s4 = load(sums + 32)
    var s5 = load(sums + 40)
    var s6 = load(sums + 48)
    var s7 = load(sums + 56)
    var s8 = load(sums + 64)
    var s9 = load(sums + 72)
    var s10 = load(sums + 80)
    var s11 = load(sums + 88)
    for _ in 0..<steps {
        s0 = multiplyAdd(s0, factor, addend)
        s1 = multiplyAdd(s1, factor, addend)
        s2 = multiplyAdd(s2, factor, addend)
        s3 = multiplyAdd(s3, factor, addend)
        s4 = multiplyAdd(s4, factor, addend)
        s5 = multiplyAdd(s5, factor, addend)
        s6 = multiplyAdd(s6, factor, addend)
        s7 = multiplyAdd(s7, factor, addend)
        s8 = multiplyAdd(s8, factor, addend)
        s9 = multiplyAdd(s9, factor, addend)
        s10 = multiplyAdd(s10, factor, addend)
        s11 = multiplyAdd(s11, factor, addend)
    }
    store(s0, sums + 0)
    store(s1, sums + 8)
    store(s2, sums + 16)
    store(s3, sums + 24)
    store(s4, sums + 32)
    store(s5, sums + 40)
    store(s6, sums + 48)
    store(s7, sums + 56)
    store(s8, sums + 64)
    store(s9, sums + 72)
    store(s10, sums + 80)
    store(s11, sums + 88)
}
