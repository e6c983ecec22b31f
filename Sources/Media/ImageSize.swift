/// The width and height of an image, in pixels, as it is shown (after rotation).
public struct ImageSize: Sendable, Hashable, CustomStringConvertible {
    /// Pixels from left to right.
    public var width: Int

    /// Pixels from top to bottom.
    public var height: Int

    /// A size of `width` x `height` pixels.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// `width x height`, for messages: `854x480`.
    public var description: String { "\(width)x\(height)" }

    /// The size with width and height exchanged, as a quarter turn leaves it.
    public var turned: ImageSize { ImageSize(width: height, height: width) }
}

/// How large an image may be before it is refused: files can claim any size in a few bytes.
enum ImageLimits {
    /// The longest side, in pixels.
    static let side = 65_535
    /// The most pixels: 128 Mi, 384 MiB as RGB.
    static let pixels = 1 << 27

    /// Throws where an image of this size is refused.
    static func check(_ size: ImageSize, path: String) throws {
        guard size.width > 0, size.height > 0 else {
            throw MediaError(.badData, path, "the image has no pixels (\(size))")
        }
        guard size.width <= side, size.height <= side, size.width * size.height <= pixels else {
            throw MediaError(
                .badData, path,
                "the image claims to be \(size), more than \(side) pixels a side or \(pixels >> 20) Mi "
                    + "pixels in all; make it smaller first")
        }
    }
}
