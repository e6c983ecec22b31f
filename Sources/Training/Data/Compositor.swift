/// Frames of a clip as they are made: layers of pictures, one over the other.
struct Compositor {
    let height: Int
    let width: Int
    /// Red, green and blue, 0 to 255.
    private(set) var colours: [Float]
    /// 1 where an object is, else 0.
    private(set) var mask: [Float]

    init(height: Int, width: Int) {
        self.height = height
        self.width = width
        colours = [Float](repeating: 0, count: 3 * height * width)
        mask = [Float](repeating: 0, count: height * width)
    }

    /// Covers the frame with a picture, mirrored beyond its edges, and takes over its mask.
    mutating func cover(_ picture: Picture, _ motion: PlaneMotion, time: Float) {
        draw(picture, motion, time: time, cutOut: false)
    }

    /// Lays the objects of a picture over what is there.
    mutating func lay(_ picture: Picture, _ motion: PlaneMotion, time: Float) {
        draw(picture, motion, time: time, cutOut: true)
    }

    private mutating func draw(
        _ picture: Picture, _ motion: PlaneMotion, time: Float, cutOut: Bool
    ) {
        let map = motion.map(time: time)
        let across = motion.waves(count: height, time: time, phase: 0)
        let down = motion.waves(count: width, time: time, phase: 2)
        let (height, width) = (height, width)
        colours.withUnsafeMutableBufferPointer { colours in
            mask.withUnsafeMutableBufferPointer { mask in
                picture.colours.withUnsafeBufferPointer { source in
                    picture.mask.withUnsafeBufferPointer { objects in
                        for y in 0..<height {
                            for x in 0..<width {
                                var u =
                                    map.a * Float(x) + map.b * Float(y) + map.c + across[y]
                                var v = map.d * Float(x) + map.e * Float(y) + map.f + down[x]
                                if cutOut {
                                    guard u > 0, v > 0, u < Float(picture.width - 1),
                                        v < Float(picture.height - 1)
                                    else { continue }
                                } else {
                                    u = Self.reflected(u, Float(picture.width - 1))
                                    v = Self.reflected(v, Float(picture.height - 1))
                                }
                                let (x0, y0) = (Int(u), Int(v))
                                let (dx, dy) = (u - Float(x0), v - Float(y0))
                                let right = x0 + 1 < picture.width ? 1 : 0
                                let below = y0 + 1 < picture.height ? picture.width : 0
                                let at = y0 * picture.width + x0
                                let (w00, w01) = ((1 - dx) * (1 - dy), dx * (1 - dy))
                                let (w10, w11) = ((1 - dx) * dy, dx * dy)
                                let object =
                                    (Float(objects[at]) * w00 + Float(objects[at + right]) * w01
                                        + Float(objects[at + below]) * w10
                                        + Float(objects[at + below + right]) * w11) / 255
                                if cutOut, object < 0.02 { continue }
                                let to = y * width + x
                                let cover = cutOut ? object : 1
                                for channel in 0..<3 {
                                    let value =
                                        Float(source[3 * at + channel]) * w00
                                        + Float(source[3 * (at + right) + channel]) * w01
                                        + Float(source[3 * (at + below) + channel]) * w10
                                        + Float(source[3 * (at + below + right) + channel]) * w11
                                    colours[3 * to + channel] +=
                                        cover * (value - colours[3 * to + channel])
                                }
                                if object > 0.5 { mask[to] = 1 } else if !cutOut { mask[to] = 0 }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A coordinate beyond `0...last`, mirrored at the ends.
    @inline(__always)
    private static func reflected(_ coordinate: Float, _ last: Float) -> Float {
        guard last > 0 else { return 0 }
        var value = abs(coordinate)
        if value > last {
            value = value.truncatingRemainder(dividingBy: 2 * last)
            if value > last { value = 2 * last - value }
        }
        return value
    }

    /// Replaces each pixel by the mean of a square around it.
    mutating func blur(radius: Int) {
        guard radius > 0 else { return }
        blur(radius: radius, count: width, step: 3, lines: height, lineStep: 3 * width)
        blur(radius: radius, count: height, step: 3 * width, lines: width, lineStep: 3)
    }

    private mutating func blur(radius: Int, count: Int, step: Int, lines: Int, lineStep: Int) {
        var line = [Float](repeating: 0, count: count)
        for start in 0..<lines {
            for channel in 0..<3 {
                let first = start * lineStep + channel
                for i in 0..<count { line[i] = colours[first + i * step] }
                for i in 0..<count {
                    let range = max(0, i - radius)...min(count - 1, i + radius)
                    var sum: Float = 0
                    for j in range { sum += line[j] }
                    colours[first + i * step] = sum / Float(range.count)
                }
            }
        }
    }
}
