/// `steps` times twelve multiply-adds of 16 floats each, in registers: `s = s * factor + addend`. No kernel
/// on this machine outruns it.
///
/// - Parameter sums: `[12, 16]`; the loop's results, too, so that none may be left out.
@inline(never)
package func wideMultiplyAdds(
    steps: Int, _ sums: UnsafeMutablePointer<Float>, factor: Float, addend: Float
) {
    let factor = Lanes(repeating: factor)
    let addend = Lanes(repeating: addend)
    var s0 = load16(sums + 0)
    var s1 = load16(sums + 16)
    var s2 = load16(sums + 32)
    var s3 = load16(sums + 48)
    var s4 = load16(sums + 64)
    var s5 = load16(sums + 80)
    var s6 = load16(sums + 96)
    var s7 = load16(sums + 112)
    var s8 = load16(sums + 128)
    var s9 = load16(sums + 144)
    var s10 = load16(sums + 160)
    var s11 = load16(sums + 176)
    for _ in 0..<steps {
        s0 = addend.addingProduct(s0, factor)
        s1 = addend.addingProduct(s1, factor)
        s2 = addend.addingProduct(s2, factor)
        s3 = addend.addingProduct(s3, factor)
        s4 = addend.addingProduct(s4, factor)
        s5 = addend.addingProduct(s5, factor)
        s6 = addend.addingProduct(s6, factor)
        s7 = addend.addingProduct(s7, factor)
        s8 = addend.addingProduct(s8, factor)
        s9 = addend.addingProduct(s9, factor)
        s10 = addend.addingProduct(s10, factor)
        s11 = addend.addingProduct(s11, factor)
    }
    store16(s0, sums + 0)
    store16(s1, sums + 16)
    store16(s2, sums + 32)
    store16(s3, sums + 48)
    store16(s4, sums + 64)
    store16(s5, sums + 80)
    store16(s6, sums + 96)
    store16(s7, sums + 112)
    store16(s8, sums + 128)
    store16(s9, sums + 144)
    store16(s10, sums + 160)
    store16(s11, sums + 176)
}
