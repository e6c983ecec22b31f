/// Loads the first `count` (at most eight) floats; the other lanes are `filler`.
@inline(__always)
package func loadPartial(
    _ pointer: UnsafePointer<Float>, _ count: Int, filler: Float = 0
) -> Float8 {
    var value = Float8(repeating: filler)
    for lane in 0..<min(8, count) { value[lane] = pointer[lane] }
    return value
}

/// Stores the first `count` (at most eight) lanes.
@inline(__always)
package func storePartial(_ value: Float8, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    for lane in 0..<min(8, count) { pointer[lane] = value[lane] }
}
