/// One picture of a scene, or one for each frame, and how it moves.
struct Layer: Sendable {
    /// What a layer's pixels are.
    enum Role: Sendable {
        /// Covers the frame; its fourth channel says where objects are.
        case background
        /// An object that moves over what is below.
        case object
        /// Something that is no object, before or behind those that are: it takes them away where it covers them.
        case occluder
    }

    let role: Role

    /// One for each frame, or one for all.
    let pictures: [Picture]

    /// The pictures' pixels for one pixel of those that `motion` speaks of: they were halved.
    let reduction: Float

    /// Its motion, then those that what it lies on moves with, outermost first.
    let motions: [PlaneMotion]

    /// What its colours are multiplied by.
    var gain = SIMD3<Float>(repeating: 1)

    /// How many moments of a frame are averaged, spread over `shutter` frames.
    var moments = 1
    var shutter: Float = 0

    init(_ role: Role, _ pictures: [Picture], scale: Float, motions: [PlaneMotion]) {
        self.role = role
        let factor = pictures[0].halvings(for: scale)
        self.pictures = pictures.map { $0.halved(times: factor) }
        reduction = 1 / Float(1 << factor)
        self.motions = motions
    }

    /// The picture of a frame.
    func picture(_ frame: Int) -> Picture { pictures[min(frame, pictures.count - 1)] }

    /// The point of the (halved) picture that is seen at `point` of the frame.
    func source(at point: SIMD2<Float>, time: Float) -> SIMD2<Float> {
        var place = point
        for motion in motions { place = motion.source(at: place, time: time) }
        return (place + 0.5) * reduction - 0.5
    }
}
