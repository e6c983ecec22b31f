#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A bent stroke that becomes thinner: an ear, a leg, a tail, or the marking on a fur.
struct Limb: Sendable {
    /// Where it begins, in pixels.
    let root: SIMD2<Float>

    /// Its direction there, in radians, and how much that changes over the whole length.
    let angle: Float
    let bend: Float

    /// Its length in pixels.
    let length: Float

    /// Half its width at the beginning and at the end.
    let radii: (Float, Float)

    /// Calls `body` with each pixel of the stroke inside a picture, some of them more than once. It ends where it would
    /// leave the picture: nothing is cut off straight.
    func forEachPixel(width: Int, height: Int, _ body: (_ index: Int) -> Void) {
        let steps = max(1, Int(length / max(1, 0.5 * min(radii.0, radii.1))))
        var place = root
        for step in 0...steps {
            let part = Float(step) / Float(steps)
            let radius = max(1, radii.0 + (radii.1 - radii.0) * part)
            let lower = place - radius
            let upper = place + radius
            guard lower.x >= 0, lower.y >= 0, upper.x < Float(width - 1),
                upper.y < Float(height - 1)
            else { return }
            for y in Int(lower.y)...Int(upper.y) + 1 {
                for x in Int(lower.x)...Int(upper.x) + 1 {
                    let away = SIMD2(Float(x), Float(y)) - place
                    if (away * away).sum() <= radius * radius { body(y * width + x) }
                }
            }
            let direction = angle + bend * part
            place += SIMD2(cos(direction), sin(direction)) * (length / Float(steps))
        }
    }
}
