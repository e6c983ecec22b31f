/// What a clip shows: a background, and what moves over it.
struct Scene: Sendable {
    /// From the farthest to the nearest.
    var layers: [Layer]

    /// The file that most of it comes from.
    let source: String

    /// The motion of its background.
    var camera: PlaneMotion

    /// How many frames pass from one that is drawn to the next.
    var stride = 1

    /// Draws a frame.
    ///
    /// - Parameter time: how far the frame lies from the clip's middle, in frames that are drawn.
    func draw(_ frame: Int, time: Float, on canvas: inout Compositor) {
        let time = time * Float(stride)
        for layer in layers { canvas.lay(layer, frame: frame, time: time) }
    }

    /// How far an object moves at most in half of a clip of `frames` frames, in pixels, were `stride` frames between them.
    func reach(frames: Int, stride: Int) -> Float {
        let time = Float((frames - 1) * stride) / 2
        return layers.lazy.filter { $0.role == .object }.map {
            let motion = $0.motions[0]
            let speed = motion.velocity + motion.acceleration * (0.5 * time)
            return (speed * speed).sum().squareRoot() * time
        }.max() ?? 0
    }
}
