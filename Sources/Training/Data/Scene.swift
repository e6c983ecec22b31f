/// What a clip shows: a background, and what moves over it.
struct Scene: Sendable {
    /// From the farthest to the nearest.
    var layers: [Layer]

    /// The file that most of it comes from.
    let source: String

    /// The motion of its background.
    var camera: PlaneMotion

    /// Draws a frame.
    ///
    /// - Parameter time: how far the frame lies from the clip's middle, in frames.
    func draw(_ frame: Int, time: Float, on canvas: inout Compositor) {
        for layer in layers { canvas.lay(layer, frame: frame, time: time) }
    }
}
