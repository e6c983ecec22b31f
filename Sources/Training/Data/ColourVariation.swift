/// How the colours of a clip are changed: all frames alike, but for a steady change of the light.
struct ColourVariation: Sendable {
    private var brightness: Float = 1
    private var contrast: Float = 1
    private var saturation: Float = 1
    private var tint: [Float] = [1, 1, 1]
    private var light: Float = 0
    private var noise: Float = 0

    init(_ configuration: DataConfiguration, _ random: inout RandomStream) {
        if random.chance(configuration.colour) {
            brightness = random.number(0.7...1.3)
            contrast = random.number(0.7...1.3)
            saturation = random.number(0.5...1.5)
            tint = (0..<3).map { _ in random.number(0.9...1.1) }
            light = random.chance(0.3) ? random.number(-0.05...0.05) : 0
        }
        if random.chance(configuration.gray) { saturation = 0 }
        noise = random.chance(0.3) ? random.number(0...8) : 0
    }

    /// The varied colours, each `(value / range - mean) / deviation`, of the frame `time` frames after the
    /// clip's middle.
    func apply(
        to colours: [Float], time: Float, mean: [Float], deviation: [Float], range: Float,
        _ random: inout RandomStream, into result: UnsafeMutablePointer<Float>
    ) {
        let gain = brightness * (1 + light * time)
        var state = random.next() | 1
        for pixel in 0..<colours.count / 3 {
            let (r, g, b) = (colours[3 * pixel], colours[3 * pixel + 1], colours[3 * pixel + 2])
            let luma = 0.299 * r + 0.587 * g + 0.114 * b
            // A xorshift for each pixel: the noise is most of the random numbers.
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            let grain = noise * (Float(state >> 40) / Float(1 << 23) - 1)
            for channel in 0..<3 {
                let colour = channel == 0 ? r : channel == 1 ? g : b
                var value = luma + (colour - luma) * saturation
                value = (value - 128) * contrast + 128
                value = value * gain * tint[channel] + grain
                result[3 * pixel + channel] =
                    (min(max(value, 0), 255) / range - mean[channel]) / deviation[channel]
            }
        }
    }
}
