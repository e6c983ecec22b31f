/// The extent of an attention window or of a patch, in tokens or pixels.
public struct WindowSize: Sendable, Hashable, Codable {
    /// How many frames it spans.
    public var frames: Int
    /// How many rows it spans.
    public var height: Int
    /// How many columns it spans.
    public var width: Int

    /// A window of `frames` by `height` by `width`.
    public init(frames: Int, height: Int, width: Int) {
        self.frames = frames
        self.height = height
        self.width = width
    }

    package var vector: SIMD3<Int> { SIMD3(frames, height, width) }
}
