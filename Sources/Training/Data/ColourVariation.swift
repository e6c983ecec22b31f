import Models

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How the colours of a clip are changed: all frames alike, but for a steady change of the light.
struct ColourVariation: Sendable {
    /// Red, green and blue of the result for each of the source, and what is added.
    private var columns = (SIMD3<Float>(1, 0, 0), SIMD3<Float>(0, 1, 0), SIMD3<Float>(0, 0, 1))
    private var offset = SIMD3<Float>.zero

    /// How much middle tones are lifted, and the change of brightness a frame.
    private var curve: Float = 0
    private var light: Float = 0

    /// The strength of the noise, of colours in 0 ... 1.
    private var noise: Float = 0

    init(_ configuration: DataConfiguration, _ random: inout RandomStream) {
        var saturation: Float = 1
        if random.chance(configuration.colour) {
            saturation = random.number(0.5...1.4)
            let hue = random.chance(0.5) ? random.number(-0.25...0.25) : 0
            mix(saturation: random.chance(configuration.gray) ? 0 : saturation, hue: hue)
            let tint = SIMD3(
                random.number(0.92...1.08), random.number(0.92...1.08), random.number(0.92...1.08))
            let contrast = random.scale(0.75...1.3)
            let gain = tint * contrast * random.scale(0.8...1.2)
            columns = (columns.0 * gain, columns.1 * gain, columns.2 * gain)
            offset = SIMD3(repeating: 0.45 * (1 - contrast))
            curve = random.number(-0.3...0.3)
            light = random.chance(0.3) ? random.number(-0.05...0.05) : 0
        } else if random.chance(configuration.gray) {
            mix(saturation: 0, hue: 0)
        }
        noise = random.chance(configuration.noise) ? random.number(0...0.035) : 0
    }

    /// The change of saturation and the turn of hue that keep a gray colour and the luma as they are.
    private mutating func mix(saturation: Float, hue: Float) {
        let luma = SIMD3<Float>(0.299, 0.587, 0.114)
        let (cosine, sine) = (cos(hue) * saturation, sin(hue) * saturation / Float(3).squareRoot())
        func column(_ axis: Int) -> SIMD3<Float> {
            var unit = SIMD3<Float>.zero
            unit[axis] = 1
            let gray = SIMD3(repeating: luma[axis])
            // The turn about the gray axis, of the colour without its luma.
            let colour = unit - gray
            let across = SIMD3(
                colour.z - colour.y, colour.x - colour.z, colour.y - colour.x)
            return gray + colour * cosine + across * sine
        }
        columns = (column(0), column(1), column(2))
    }

    /// Writes the varied and normalised colours of the frame at `time`.
    func apply(
        to pixels: [SIMD4<Float>], time: Float, _ preprocessing: Preprocessing,
        _ random: inout RandomStream, into result: UnsafeMutablePointer<Float>
    ) {
        let range = 255 / preprocessing.pixelRange
        let deviation = SIMD3(preprocessing.standardDeviation)
        let gain = SIMD3(repeating: range) / deviation
        let shift = SIMD3(preprocessing.mean) / deviation
        let bright = 1 + light * time
        let (red, green, blue) = (columns.0 * bright, columns.1 * bright, columns.2 * bright)
        var state = UInt32(truncatingIfNeeded: random.next()) | 1
        let one = SIMD3<Float>(repeating: 1)
        pixels.withUnsafeBufferPointer { pixels in
            for index in pixels.indices {
                let pixel = pixels[index]
                var colour = red * pixel.x + green * pixel.y + blue * pixel.z + offset
                if noise > 0 {
                    // A xorshift; two of its bytes summed are near enough to a bell.
                    state ^= state &<< 13
                    state ^= state &>> 17
                    state ^= state &<< 5
                    let sum = Int32(state & 255) &+ Int32(state &>> 8 & 255) &- 255
                    colour += Float(sum) * (noise / 104)
                }
                colour = colour.clamped(lowerBound: .zero, upperBound: one)
                colour += colour * (one - colour) * curve
                let value = colour * gain - shift
                result[3 &* index] = value.x
                result[3 &* index &+ 1] = value.y
                result[3 &* index &+ 2] = value.z
            }
        }
    }
}
