/// Eight floats: one AVX register, or two of SSE and NEON.
package typealias Float8 = SIMD8<Float>

/// Loads eight floats from an address of any alignment.
@inline(__always)
package func load(_ pointer: UnsafePointer<Float>) -> Float8 {
    UnsafeRawPointer(pointer).loadUnaligned(as: Float8.self)
}

/// Loads eight floats from an address of any alignment.
@inline(__always)
package func load(_ pointer: UnsafeMutablePointer<Float>) -> Float8 {
    UnsafeRawPointer(pointer).loadUnaligned(as: Float8.self)
}

/// Stores eight floats to an address of any alignment.
@inline(__always)
package func store(_ value: Float8, _ pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Float8.self)
}

/// `a * b + c` in one rounding where the build has fused multiply-add, in two where it has not.
///
/// `addingProduct` without that instruction is a library call for every lane.
@inline(__always)
package func multiplyAdd(_ a: Float8, _ b: Float8, _ c: Float8) -> Float8 {
    #if MARTLET_FMA
    return c.addingProduct(a, b)
    #else
    return c + a * b
    #endif
}

/// The larger of each lane. (`pointwiseMax` compiles to a call.)
@inline(__always)
package func maximum(_ a: Float8, _ b: Float8) -> Float8 { a.replacing(with: b, where: a .< b) }

/// The smaller of each lane.
@inline(__always)
package func minimum(_ a: Float8, _ b: Float8) -> Float8 { a.replacing(with: b, where: b .< a) }

/// The largest lane.
@inline(__always)
package func horizontalMaximum(_ v: Float8) -> Float {
    let four = v.lowHalf.replacing(with: v.highHalf, where: v.lowHalf .< v.highHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.lowHalf .< four.highHalf)
    return two[0] < two[1] ? two[1] : two[0]
}
