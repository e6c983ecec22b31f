/// Copies the pixels of `[source, channels]` to multiples of `stride` of `[target, channels]`, whose other
/// pixels stay as they are.
package func spreadPixels(
    _ source: UnsafePointer<Float>, _ size: Extent, channels: Int, stride: Extent,
    into target: UnsafeMutablePointer<Float>, _ targetSize: Extent
) {
    ThreadPool.shared.run(size.frames * size.height) { line in
        let frame = line / size.height &* stride.frames
        let row = line % size.height &* stride.height
        let from = source + line &* size.width &* channels
        let to =
            target + (frame &* targetSize.height &+ row) &* targetSize.width &* channels
        for column in 0..<size.width {
            copyFloats(
                from + column &* channels, to: to + column &* stride.width &* channels,
                count: channels)
        }
    }
}
