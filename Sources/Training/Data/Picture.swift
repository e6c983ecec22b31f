/// A small picture of four channels: red, green and blue, and in the fourth what the picture's use says.
///
/// In a scene the fourth is 255 where an object is. In a sprite it is the opacity, and the colours are
/// multiplied by it (exactly, since a sprite is cut out with 0 or 255).
package struct Picture: Sendable {
    let width: Int
    let height: Int
    package var pixels: [SIMD4<UInt8>]

    /// A picture of pixels row by row.
    package init(width: Int, height: Int, pixels: [SIMD4<UInt8>]) {
        precondition(
            width > 0 && height > 0 && pixels.count == width * height,
            "Picture: \(pixels.count) pixels are not \(width)x\(height)")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Half as wide and high, each pixel the mean of four: before a picture is shrunk, or its texture aliases.
    func halved() -> Picture {
        let (halfWidth, halfHeight) = (max(1, width / 2), max(1, height / 2))
        let (right, below) = (width > 1 ? 1 : 0, height > 1 ? width : 0)
        let result = pixels.withUnsafeBufferPointer { source in
            [SIMD4<UInt8>](unsafeUninitializedCapacity: halfWidth * halfHeight) { target, count in
                for y in 0..<halfHeight {
                    for x in 0..<halfWidth {
                        let start = 2 &* y &* width &+ 2 &* x
                        let sum =
                            wide(source[start]) &+ wide(source[start &+ right])
                            &+ wide(source[start &+ below])
                            &+ wide(source[start &+ below &+ right])
                        target[y &* halfWidth &+ x] = SIMD4(
                            truncatingIfNeeded: (sum &+ 2) &>> 2)
                    }
                }
                count = halfWidth * halfHeight
            }
        }
        return Picture(width: halfWidth, height: halfHeight, pixels: result)
    }

    /// How often the picture is halved before it is shown at `scale`.
    func halvings(for scale: Float) -> Int {
        var (count, rest) = (0, scale)
        while rest <= 0.6, min(width, height) >> count >= 4 {
            rest *= 2
            count += 1
        }
        return count
    }

    /// Halved `times` times.
    func halved(times: Int) -> Picture {
        (0..<times).reduce(self) { picture, _ in picture.halved() }
    }

    private func wide(_ pixel: SIMD4<UInt8>) -> SIMD4<UInt16> { SIMD4(truncatingIfNeeded: pixel) }
}

/// The files of a picture and of its mask.
struct PictureFiles: Sendable {
    let image: String
    let mask: String
}
