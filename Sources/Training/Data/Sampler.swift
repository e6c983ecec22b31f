/// Reads a picture between its pixels.
struct Sampler {
    let pixels: UnsafePointer<SIMD4<UInt8>>
    let width: Int
    let height: Int

    /// What the bytes are multiplied by.
    let scale: Float

    /// At a place from 0 to below the last row and column.
    @inline(__always)
    func inside(_ place: SIMD2<Float>) -> SIMD4<Float> {
        // Rounding may have put a place next to the edge a little outside.
        let x = min(max(Int32(place.x), 0), Int32(truncatingIfNeeded: width &- 2))
        let y = min(max(Int32(place.y), 0), Int32(truncatingIfNeeded: height &- 2))
        let at = pixels + (Int(y) &* width &+ Int(x))
        return mixed(
            at[0], at[1], at[width], at[width &+ 1], place.x - Float(x), place.y - Float(y))
    }

    /// At any place: the picture is mirrored at its edges.
    @inline(__always)
    func mirrored(_ place: SIMD2<Float>) -> SIMD4<Float> {
        let x = Self.mirrored(place.x, width)
        let y = Self.mirrored(place.y, height)
        let (left, top) = (Int(x), Int(y))
        let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        return mixed(
            pixels[top * width + left], pixels[top * width + right],
            pixels[bottom * width + left], pixels[bottom * width + right],
            x - Float(left), y - Float(top))
    }

    /// At any place: nothing lies beyond the edges.
    @inline(__always)
    func bordered(_ place: SIMD2<Float>) -> SIMD4<Float> {
        guard
            place.x > -1, place.y > -1, place.x < Float(width), place.y < Float(height)
        else { return .zero }
        let (left, top) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
        return mixed(
            pixel(left, top), pixel(left + 1, top), pixel(left, top + 1),
            pixel(left + 1, top + 1), place.x - Float(left), place.y - Float(top))
    }

    @inline(__always)
    private func pixel(_ x: Int, _ y: Int) -> SIMD4<UInt8> {
        x >= 0 && y >= 0 && x < width && y < height ? pixels[y &* width &+ x] : .zero
    }

    @inline(__always)
    private func mixed(
        _ a: SIMD4<UInt8>, _ b: SIMD4<UInt8>, _ c: SIMD4<UInt8>, _ d: SIMD4<UInt8>,
        _ right: Float, _ down: Float
    ) -> SIMD4<Float> {
        let upper = Self.wide(a) * (1 - right) + Self.wide(b) * right
        let lower = Self.wide(c) * (1 - right) + Self.wide(d) * right
        return (upper * (1 - down) + lower * down) * scale
    }

    @inline(__always)
    private static func wide(_ pixel: SIMD4<UInt8>) -> SIMD4<Float> {
        SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: pixel))
    }

    /// A coordinate mirrored into `0...count - 1`.
    @inline(__always)
    private static func mirrored(_ coordinate: Float, _ count: Int) -> Float {
        let last = Float(count - 1)
        guard last > 0 else { return 0 }
        var value = abs(coordinate)
        if value > last {
            value -= (value / (2 * last)).rounded(.down) * 2 * last
            if value > last { value = 2 * last - value }
        }
        return min(max(value, 0), last)
    }
}
