/// Gives a convolution the matrix `[output pixels, taps * channels]` whose product with the weight it is,
/// a tile at a time.
package protocol PatchSource {
    /// Channels of a tap.
    var channels: Int { get }
    /// Taps of the kernel.
    var taps: Int { get }
    /// Output pixels, in row-major order over frames, rows and columns.
    var pixels: Int { get }

    /// Writes one row a pixel, without gaps: the channels of each of `taps`, zeros where a tap is outside.
    func gather(pixels: Range<Int>, taps: Range<Int>, into tile: UnsafeMutablePointer<Float>)
}

/// Copies `count` floats in vectors.
@inline(__always)
func copyFloats(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int)
{
    guard count >= 8 else {
        for i in 0..<count { target[i] = source[i] }
        return
    }
    var i = 0
    while i &+ 8 <= count {
        store(load(source + i), target + i)
        i &+= 8
    }
    if i < count { store(load(source + (count &- 8)), target + (count &- 8)) }
}

/// Writes `count` zeros in vectors.
@inline(__always)
func clearFloats(_ target: UnsafeMutablePointer<Float>, count: Int) {
    let zero = Float8(repeating: 0)
    guard count >= 8 else {
        for i in 0..<count { target[i] = 0 }
        return
    }
    var i = 0
    while i &+ 8 <= count {
        store(zero, target + i)
        i &+= 8
    }
    if i < count { store(zero, target + (count &- 8)) }
}
