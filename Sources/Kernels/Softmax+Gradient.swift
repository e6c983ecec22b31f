/// The gradient by the argument of the softmax of one row: `y (g - sum(g y))`. `destination` may be `g`.
package func differentiateSoftmaxRow(
    _ columns: Int, _ y: UnsafePointer<Float>, _ g: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>
) {
    let middle = Float8(repeating: dot(columns, y, g))
    pairs(columns, y, g, destination) { y, g in y * (g - middle) }
}

/// The sum of the products of two rows, in sixteen interleaved partial sums.
package func dot(_ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Float {
    var first = Float8(repeating: 0)
    var second = first
    var i = 0
    while i &+ 16 <= count {
        first = multiplyAdd(load(a + i), load(b + i), first)
        second = multiplyAdd(load(a + (i &+ 8)), load(b + (i &+ 8)), second)
        i &+= 16
    }
    var total = horizontalSum(first + second)
    while i < count {
        total += a[i] * b[i]
        i &+= 1
    }
    return total
}
