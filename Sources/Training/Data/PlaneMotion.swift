#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How a flat picture lies in the frames of a clip: turned, enlarged, moved and bent, each smoothly.
///
/// Times are frames from the clip's middle, and may lie between frames.
struct PlaneMotion: Sendable {
    /// The point of the picture that it turns about, in its pixels.
    var anchor: SIMD2<Float>

    /// Where the anchor lies at time 0, in pixels of the frame; how far it moves a frame, and how that changes.
    var position: SIMD2<Float>
    var velocity = SIMD2<Float>.zero
    var acceleration = SIMD2<Float>.zero

    /// The swing around that path: of a gait, of a hand that holds the camera. Pixels, and radians a frame.
    var swing = SIMD2<Float>.zero
    var swingRate: Float = 0
    var swingPhase: Float = 0

    /// Pixels of the frame for one of the picture, and the logarithm of the factor a frame.
    var scale: Float
    var growth: Float = 0

    /// The ratio of horizontal to vertical lengths.
    var aspect: Float = 1

    /// Radians, and their change a frame.
    var angle: Float = 0
    var turn: Float = 0

    /// How far rows are pushed along, for each row.
    var shear: Float = 0

    /// Whether the picture is mirrored.
    var isMirrored = false

    /// What bends the picture, in its pixels.
    var waves: [BendingWave] = []

    /// The point of the picture that is seen at `point` of the frame.
    func source(at point: SIMD2<Float>, time: Float) -> SIMD2<Float> {
        let place =
            position + velocity * time + acceleration * (0.5 * time * time)
            + swing * sin(swingRate * time + swingPhase)
        let away = point - place
        let radians = angle + turn * time
        let size = scale * exp(growth * time)
        let (cosine, sine) = (cos(radians) / size, sin(radians) / size)
        var turned = SIMD2(
            (cosine * away.x + sine * away.y) / aspect, cosine * away.y - sine * away.x)
        turned.x -= shear * turned.y
        if isMirrored { turned.x = -turned.x }
        var result = anchor + turned
        for wave in waves { result += wave.displacement(at: turned, time: time) }
        return result
    }
}

/// A standing wave that bends a picture: several make the motion of limbs, of cloth, of parallax.
struct BendingWave: Sendable {
    /// How far it moves a point, in the picture's pixels.
    var height: SIMD2<Float>

    /// Radians for each pixel of the picture.
    var frequency: SIMD2<Float>

    /// Radians, and their change a frame.
    var phase: Float
    var rate: Float

    func displacement(at point: SIMD2<Float>, time: Float) -> SIMD2<Float> {
        height * sin(frequency.x * point.x + frequency.y * point.y + phase + rate * time)
    }

    /// Waves for something of `size` pixels that move its points by about `strength` of the size.
    static func random(
        size: Float, strength: Float, rate: ClosedRange<Float>, _ random: inout RandomStream
    ) -> [BendingWave] {
        (0..<3).map { _ in
            BendingWave(
                height: random.direction() * (size * strength * random.number(0.2...0.6)),
                frequency: random.direction() * (random.number(1...6) / size),
                phase: random.number(0...6.28), rate: random.number(rate))
        }
    }
}
