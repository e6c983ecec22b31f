#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How a layer lies in the frames of a clip: turned, enlarged, moved and bent a little, each steadily.
struct PlaneMotion: Sendable {
    /// The point of the picture that the layer turns about, in its pixels.
    var centreX: Float
    var centreY: Float

    /// Where that point lies in the middle of the clip, in pixels of the frame, and how far it moves a frame.
    var x: Float
    var y: Float
    var velocityX: Float = 0
    var velocityY: Float = 0

    /// Pixels of the frame for one of the picture, and the factor by which they change a frame.
    var scale: Float
    var growth: Float = 1

    /// The ratio of a horizontal to a vertical length.
    var aspect: Float = 1

    /// Radians, and how much they change a frame.
    var angle: Float = 0
    var turn: Float = 0

    /// How far waves bend the layer, in pixels of the picture; their lengths likewise.
    var waveHeight: Float = 0
    var waveLength: Float = 100
    var wavePhase: Float = 0

    /// Whether the layer is mirrored.
    var isMirrored = false

    /// From pixels of a frame to pixels of the picture: `(a x + b y + c, d x + e y + f)`.
    struct Map {
        var a: Float
        var b: Float
        var c: Float
        var d: Float
        var e: Float
        var f: Float
    }

    /// The map of the frame that lies `time` frames after the clip's middle.
    func map(time: Float) -> Map {
        let size = scale * pow(growth, time)
        let radians = angle + turn * time
        let (cosine, sine) = (cos(radians) / size, sin(radians) / size)
        let mirror: Float = isMirrored ? -1 : 1
        let (px, py) = (x + velocityX * time, y + velocityY * time)
        let (a, b) = (mirror * cosine / aspect, mirror * sine / aspect)
        let (d, e) = (-sine, cosine)
        return Map(
            a: a, b: b, c: centreX - a * px - b * py, d: d, e: e, f: centreY - d * px - e * py)
    }

    /// How far the wave moves each of `count` rows or columns, at `time`.
    func waves(count: Int, time: Float, phase: Float) -> [Float] {
        guard waveHeight != 0 else { return [Float](repeating: 0, count: count) }
        let step = 2 * Float.pi / (waveLength * scale)
        return (0..<count).map {
            waveHeight * sin(Float($0) * step + wavePhase + phase + 0.6 * time)
        }
    }
}
