/// What a clip shows: a background for each frame, and objects that move over it.
struct Scene: Sendable {
    /// The picture of each frame; one for all where a single picture is set in motion.
    private let backgrounds: [Picture]
    private var camera: PlaneMotion
    private var objects: [(picture: Picture, motion: PlaneMotion)] = []

    /// Frames of a video, at a random stride and in a random direction, seen through a steady window.
    init(
        ofVideo files: [PictureFiles], frames: Int, _ configuration: DataConfiguration,
        _ random: inout RandomStream
    ) throws {
        let longest = max(1, (files.count - 1) / max(1, frames - 1))
        let step = 1 + random.index(min(configuration.temporalStride, longest))
        let span = min(files.count - 1, step * (frames - 1))
        let start = random.index(files.count - span)
        var order = (0..<frames).map { start + min($0 * step, span) }
        if random.chance(0.5) { order.reverse() }
        let pictures = try order.map { try Picture(files[$0]) }
        let first = pictures[0]
        guard pictures.allSatisfy({ $0.height == first.height && $0.width == first.width }) else {
            throw TrainingError.data(
                path: files[0].image, problem: "the frames of its sequence are of several sizes",
                remedy: "save all at one size")
        }
        backgrounds = pictures
        let share = random.number(Float(configuration.zoom[0])...Float(configuration.zoom[1]))
        camera = Self.window(on: first, share: share, configuration, &random)
        camera.angle = random.chance(0.3) ? random.number(-0.12...0.12) : 0
    }

    /// A picture in motion: as a whole, or its objects over what was behind them, or over another picture.
    init(
        ofStill files: PictureFiles, others: [PictureFiles], frames: Int,
        _ configuration: DataConfiguration, _ random: inout RandomStream
    ) throws {
        let picture = try Picture(files)
        guard random.chance(configuration.cutOuts), let box = picture.box else {
            backgrounds = [picture]
            camera = Self.moving(
                Self.window(on: picture, share: random.number(0.45...1), configuration, &random),
                configuration, &random)
            return
        }
        let isForeign = others.count > 1 && random.chance(configuration.foreignBackgrounds)
        let behind =
            try isForeign ? Picture(others[random.index(others.count)]) : picture
        backgrounds = [behind.withoutObjects()]
        camera = Self.moving(
            Self.window(on: behind, share: random.number(0.6...1), configuration, &random),
            configuration, &random)
        objects = [
            (
                picture,
                Self.motion(of: picture, box, configuration, &random)
            )
        ]
    }

    /// Lets the objects of another picture move through the scene.
    mutating func paste(
        _ files: PictureFiles, _ configuration: DataConfiguration, _ random: inout RandomStream
    ) throws {
        let picture = try Picture(files)
        guard let box = picture.box else { return }
        objects.append((picture, Self.motion(of: picture, box, configuration, &random)))
    }

    /// Draws a frame.
    ///
    /// - Parameter time: how far the frame lies from the clip's middle, in frames.
    func draw(_ frame: Int, time: Float, on canvas: inout Compositor) {
        canvas.cover(backgrounds[min(frame, backgrounds.count - 1)], camera, time: time)
        for object in objects { canvas.lay(object.picture, object.motion, time: time) }
    }

    /// A window that shows `share` of the shorter fitting side, somewhere on the picture; where there are
    /// objects, mostly near them.
    private static func window(
        on picture: Picture, share: Float, _ configuration: DataConfiguration,
        _ random: inout RandomStream
    ) -> PlaneMotion {
        let (height, width) = (Float(configuration.height), Float(configuration.width))
        let (h, w) = (Float(picture.height), Float(picture.width))
        // Pixels of the frame for one of the picture where the window just fits in.
        let fitting = max(height / h, width / w)
        let scale = fitting / share
        let (slackX, slackY) = (max(0, w - width / scale) / 2, max(0, h - height / scale) / 2)
        var centreX = w / 2 + random.number(-1...1) * slackX
        var centreY = h / 2 + random.number(-1...1) * slackY
        if let box = picture.box, random.chance(0.7) {
            let (x, y) = (Float(box.left + box.right) / 2, Float(box.top + box.bottom) / 2)
            centreX = min(
                max(x + random.number(-0.3...0.3) * width / scale, w / 2 - slackX), w / 2 + slackX)
            centreY = min(
                max(y + random.number(-0.3...0.3) * height / scale, h / 2 - slackY), h / 2 + slackY)
        }
        var motion = PlaneMotion(
            centreX: centreX, centreY: centreY, x: width / 2, y: height / 2, scale: scale)
        motion.isMirrored = random.chance(configuration.mirrored)
        motion.aspect = random.number(0.85...1.18)
        return motion
    }

    /// The window with the motion of a camera in a hand.
    private static func moving(
        _ window: PlaneMotion, _ configuration: DataConfiguration, _ random: inout RandomStream
    ) -> PlaneMotion {
        var motion = window
        motion.angle = random.number(-0.2...0.2)
        guard random.chance(0.8) else { return motion }
        let width = Float(configuration.width)
        motion.velocityX = random.number(-0.04...0.04) * width
        motion.velocityY = random.number(-0.02...0.02) * width
        motion.growth = random.number(0.98...1.02)
        motion.turn = random.number(-0.02...0.02)
        return motion
    }

    /// The motion of an object through the frame, at a size from small to nearly filling it.
    private static func motion(
        of picture: Picture, _ box: (top: Int, left: Int, bottom: Int, right: Int),
        _ configuration: DataConfiguration, _ random: inout RandomStream
    ) -> PlaneMotion {
        let (height, width) = (Float(configuration.height), Float(configuration.width))
        let (boxHeight, boxWidth) = (
            Float(box.bottom - box.top + 1), Float(box.right - box.left + 1)
        )
        let largest = min(height / boxHeight, width / boxWidth)
        // As many small objects as large ones, by their lengths.
        let scale = largest * random.number(0.45...1.02) * random.number(0.45...1.02)
        var motion = PlaneMotion(
            centreX: Float(box.left + box.right) / 2, centreY: Float(box.top + box.bottom) / 2,
            x: width * random.number(0.15...0.85), y: height * random.number(0.25...0.75),
            scale: scale)
        motion.velocityX = random.number(-0.07...0.07) * width
        motion.velocityY = random.number(-0.035...0.035) * width
        motion.growth = random.number(0.96...1.04)
        motion.angle = random.number(-0.25...0.25)
        motion.turn = random.number(-0.06...0.06)
        motion.aspect = random.number(0.85...1.18)
        motion.isMirrored = random.chance(configuration.mirrored)
        if random.chance(0.6) {
            let size = max(boxHeight, boxWidth)
            motion.waveHeight = size * random.number(0...0.025)
            motion.waveLength = size * random.number(0.4...1.2)
            motion.wavePhase = random.number(0...6.28)
        }
        return motion
    }
}
