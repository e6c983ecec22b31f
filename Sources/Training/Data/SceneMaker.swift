/// Makes scenes: of a video as it is, of a picture that is set in motion, of objects over other backgrounds.
struct SceneMaker {
    let data: TrainingData
    var random: RandomStream

    /// Whether things lie still in the scene that are objects elsewhere: its own objects then move for certain.
    private(set) var hasBystanders = false

    /// Whether a scene of pictures has a camera that does not move.
    private(set) var cameraRests = false

    var configuration: DataConfiguration { data.configuration }
    var frames: Int { data.frames }

    /// The size of a frame.
    var size: SIMD2<Float> {
        SIMD2(Float(data.configuration.width), Float(data.configuration.height))
    }

    /// A scene of a video or picture; `nil` where there is no object in it.
    mutating func scene(of files: [PictureFiles]) throws -> Scene? {
        guard
            var scene = try files.count > 1 ? videoScene(files) : stillScene(files[0])
        else { return nil }
        if random.chance(configuration.pasting) {
            try paste(1 + (random.chance(0.3) ? 1 : 0), largest: 0.15, into: &scene)
        }
        if random.chance(configuration.occlusion) { try occlude(&scene) }
        if files.count == 1, configuration.pictureStride > 1 { stretch(&scene) }
        return scene
    }

    /// Lets more than a frame pass from one that is drawn to the next, as long as objects stay in sight.
    private mutating func stretch(_ scene: inout Scene) {
        scene.stride = stride(upTo: configuration.pictureStride)
        while scene.stride > 1,
            scene.reach(frames: frames, stride: scene.stride) > 0.4 * size.x
        {
            scene.stride -= 1
        }
    }

    /// Neighbouring frames are what the model sees in use: small strides are drawn most.
    private mutating func stride(upTo largest: Int) -> Int {
        let draw = random.number(0...1)
        return min(1 + Int(draw * draw * Float(largest)), largest)
    }

    /// Frames of a video, the window on it perhaps moving too.
    private mutating func videoScene(_ files: [PictureFiles]) throws -> Scene? {
        let images = try images(of: files)
        let middle = images[images.count / 2].picture
        guard let extent = ObjectExtent(middle) else { return nil }
        let share = random.number(Float(configuration.zoom[0])...Float(configuration.zoom[1]))
        var camera = window(on: middle, extent, share: share)
        if random.chance(0.35) { move(&camera, speed: 0.2...3, growth: 0.008, turn: 0.006) }
        return Scene(
            layers: [
                Layer(
                    .background, images.map(\.picture), scale: camera.scale, motions: [camera])
            ],
            source: files[0].image, camera: camera)
    }

    /// A picture in motion: as a whole, its objects over what was behind them, or over another background.
    private mutating func stillScene(_ file: PictureFiles) throws -> Scene? {
        let image = try data.image(file)
        guard let extent = ObjectExtent(image.picture) else { return nil }
        hasBystanders = random.chance(configuration.bystanders)
        cameraRests = random.chance(configuration.stillCameras)
        // A narrow picture would have to be enlarged too much to fill a wide frame.
        let shape = Float(image.picture.width) / Float(image.picture.height) * (size.y / size.x)
        let isNarrow = shape < 0.5
        guard hasBystanders || random.chance(configuration.cutOuts) || isNarrow else {
            return wholeScene(image, extent, file)
        }
        if random.chance(isNarrow ? 0.9 : configuration.foreignBackgrounds),
            var scene = try foreignScene(besides: file)
        {
            let brightness = scene.layers[0].pictures[0].meanColour(where: 0...255)
            let count = [1, 2, 3][random.index(of: [0.7, 0.2, 0.1])]
            try add(
                [image], extent, share: random.scale(0.008...(count == 1 ? 0.4 : 0.2)),
                brightness, to: &scene)
            if count > 1 { try paste(count - 1, largest: 0.15, into: &scene) }
            if hasBystanders { try addBystanders(to: &scene) }
            return scene
        }
        var scene = ownScene(image, extent, file)
        if hasBystanders { try addBystanders(to: &scene) }
        return scene
    }

    private mutating func wholeScene(
        _ image: LabelledImage, _ extent: ObjectExtent, _ file: PictureFiles
    ) -> Scene {
        var camera = window(on: image.picture, extent, share: random.number(0.6...1.15))
        move(&camera, speed: 0.5...12, growth: 0.02, turn: 0.02)
        camera.waves = BendingWave.random(
            size: 2 * extent.radius, strength: random.number(0.01...0.04), rate: -0.8...0.8,
            &random)
        return Scene(
            layers: [
                Layer(.background, [image.picture], scale: camera.scale, motions: [camera])
            ],
            source: file.image, camera: camera)
    }

    /// The objects of a picture move over the same picture, from which they are painted out.
    private mutating func ownScene(
        _ image: LabelledImage, _ extent: ObjectExtent, _ file: PictureFiles
    ) -> Scene {
        var camera = window(on: image.picture, extent, share: random.number(0.6...1.15))
        moveCamera(&camera)
        var scene = Scene(
            layers: [
                Layer(
                    .background, [image.picture.objectsFilled()], scale: camera.scale,
                    motions: [camera])
            ],
            source: file.image, camera: camera)
        let objects = image.objects.filter { $0.area * 8 > extent.area }
        let ids: [UInt8?] =
            objects.count > 1 && objects.count <= 4 ? objects.map { $0.id } : [nil]
        for id in ids {
            let sprite = image.sprite(of: id)
            guard let part = ObjectExtent(sprite) else { continue }
            // Where the camera shows the object's middle when the clip is half over.
            let place = camera.place(of: part.middle)
            var motion = PlaneMotion(anchor: place, position: place, scale: 1)
            let length = 2 * part.radius * camera.scale
            let speed = min(14, max(1.5, 0.15 * length))
            move(
                &motion, speed: 0.6...speed, growth: 0.03, turn: 0.04, always: hasBystanders)
            bend(&motion, size: length)
            var layer = Layer(.object, [sprite], scale: camera.scale, motions: [motion, camera])
            blurMotion(&layer)
            scene.layers.append(layer)
        }
        return scene
    }

    /// A background of another video or picture for objects to move over.
    private mutating func foreignScene(besides file: PictureFiles) throws -> Scene? {
        if !data.videos.isEmpty, random.chance(0.6) || data.stills.count < 2 {
            let files = data.videos[random.index(data.videos.count)]
            let images =
                random.chance(0.5)
                ? try images(of: files) : [try data.image(files[random.index(files.count)])]
            let isStill = images.count == 1
            let pictures =
                isStill && random.chance(0.4)
                ? [images[0].picture.objectsFilled()]
                : isStill && hasBystanders
                    ? [images[0].picture.unlabelled()] : images.map(\.picture)
            var camera = window(on: pictures[0], nil, share: random.number(0.55...1))
            if images.count == 1 { moveCamera(&camera) }
            return background(pictures, camera, file)
        }
        // The widest of a few: narrow ones would be enlarged too much.
        var best: LabelledImage?
        for _ in 0..<3 where !data.stills.isEmpty {
            let other = try data.image(data.stills[random.index(data.stills.count)])
            if other.picture.width > best?.picture.width ?? 0 { best = other }
        }
        guard let picture = best?.picture.objectsFilled() else { return nil }
        var camera = window(on: picture, nil, share: random.number(0.6...1))
        moveCamera(&camera)
        return background([picture], camera, file)
    }

    private mutating func background(
        _ pictures: [Picture], _ camera: PlaneMotion, _ file: PictureFiles
    ) -> Scene {
        var camera = camera
        if !cameraRests, random.chance(0.4) {
            camera.waves = BendingWave.random(
                size: Float(pictures[0].width), strength: random.number(0.002...0.015),
                rate: -0.4...0.4, &random)
        }
        var layer = Layer(.background, pictures, scale: camera.scale, motions: [camera])
        if pictures.count == 1 { blurMotion(&layer) }
        return Scene(layers: [layer], source: file.image, camera: camera)
    }

    /// Sets the camera of a picture in motion, where it does not rest.
    private mutating func moveCamera(_ camera: inout PlaneMotion) {
        guard !cameraRests else { return }
        move(&camera, speed: 0.3...10, growth: 0.015, turn: 0.015)
    }

    /// Frames of a video at a random stride, in a random direction.
    mutating func images(of files: [PictureFiles]) throws -> [LabelledImage] {
        let longest = max(1, (files.count - 1) / max(1, frames - 1))
        let step = min(stride(upTo: configuration.temporalStride), longest)
        let span = min(files.count - 1, step * (frames - 1))
        let start = random.index(files.count - span)
        var order = (0..<frames).map { start + min($0 * step, span) }
        if random.chance(0.5) { order.reverse() }
        let images = try order.map { try data.image(files[$0]) }
        guard
            images.allSatisfy({
                $0.picture.width == images[0].picture.width
                    && $0.picture.height == images[0].picture.height
            })
        else {
            throw TrainingError.data(
                path: files[0].image, problem: "the frames of its sequence are of several sizes",
                remedy: "save all at one size")
        }
        return images
    }
}
