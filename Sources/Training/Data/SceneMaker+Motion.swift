extension SceneMaker {
    /// A window on a picture that shows `share` of what fits into a frame, by lengths; mostly near the objects.
    mutating func window(on picture: Picture, _ extent: ObjectExtent?, share: Float)
        -> PlaneMotion
    {
        let whole = SIMD2(Float(picture.width), Float(picture.height))
        let fitting = max(size.x / whole.x, size.y / whole.y)
        let scale = fitting / share
        let shown = size / scale
        let slack = pointwiseMax(whole - shown, .zero) / 2
        var centre = whole / 2 + random.point(-1...1) * slack
        if let extent, random.chance(0.85) {
            let near = extent.centre + random.point(-0.32...0.32) * shown
            centre = near.clamped(lowerBound: whole / 2 - slack, upperBound: whole / 2 + slack)
        }
        var motion = PlaneMotion(anchor: centre, position: size / 2, scale: scale)
        motion.isMirrored = random.chance(configuration.mirrored)
        motion.aspect = random.number(0.9...1.1)
        if random.chance(0.4) { motion.angle = random.number(-0.12...0.12) }
        return motion
    }

    /// Sets something in motion, in one case of eight not at all.
    ///
    /// - Parameters:
    ///   - speed: pixels a frame, sideways; up and down it is a little less.
    ///   - growth: the largest change of the logarithm of the scale a frame.
    ///   - turn: the largest turn a frame, in radians.
    ///   - always: leaves nothing still.
    mutating func move(
        _ motion: inout PlaneMotion, speed: ClosedRange<Float>, growth: Float, turn: Float,
        always: Bool = false
    ) {
        guard always || random.chance(0.875) else { return }
        let flat = SIMD2<Float>(1, 0.6)
        motion.velocity += random.direction() * random.scale(speed) * flat
        if random.chance(0.4) {
            motion.acceleration +=
                random.direction() * random.number(0...0.3) * speed.upperBound
                * flat
        }
        if random.chance(0.5) { motion.growth = random.number(-growth...growth) }
        if random.chance(0.5) { motion.turn = random.number(-turn...turn) }
        if random.chance(0.3) {
            motion.swing = random.direction() * random.number(0...0.35) * speed.upperBound * flat
            motion.swingRate = random.number(0.5...2)
            motion.swingPhase = random.number(0...6.28)
        }
    }

    /// Lets something of `size` pixels bend, mostly.
    mutating func bend(_ motion: inout PlaneMotion, size: Float) {
        guard random.chance(0.7) else { return }
        motion.waves = BendingWave.random(
            size: size, strength: random.number(0.005...0.04), rate: -1...1, &random)
    }

    /// Blurs along the motion, sometimes.
    mutating func blurMotion(_ layer: inout Layer) {
        guard random.chance(configuration.motionBlur) else { return }
        layer.moments = 4
        layer.shutter = random.number(0.2...0.8)
    }
}

extension PlaneMotion {
    /// The point of the frame where `point` of the picture lies at time 0, waves left aside.
    func place(of point: SIMD2<Float>) -> SIMD2<Float> {
        var still = self
        still.waves = []
        // The map is linear: its inverse from where it brings the axes.
        let origin = still.source(at: .zero, time: 0)
        let right = still.source(at: SIMD2(1, 0), time: 0) - origin
        let down = still.source(at: SIMD2(0, 1), time: 0) - origin
        let away = point - origin
        let determinant = right.x * down.y - right.y * down.x
        return SIMD2(
            (away.x * down.y - away.y * down.x) / determinant,
            (right.x * away.y - right.y * away.x) / determinant)
    }
}
