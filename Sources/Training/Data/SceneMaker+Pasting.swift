extension SceneMaker {
    /// Lets objects of other pictures and videos move through a scene.
    ///
    /// - Parameter largest: the largest part of the frame that one of them covers.
    mutating func paste(_ count: Int, largest: Float, into scene: inout Scene) throws {
        let brightness = scene.layers[0].pictures[0].meanColour(where: 0...255)
        for _ in 0..<count {
            guard let (images, extent) = try pastedObject() else { continue }
            try add(
                images, extent, share: random.scale(0.004...largest), brightness, to: &scene)
        }
    }

    /// An object to paste: the frames of a video's, which keeps its own motion, or a picture's. One that is not
    /// cut off by its picture's edges, where a few tries find one.
    mutating func pastedObject() throws -> (images: [LabelledImage], ObjectExtent)? {
        var found: (images: [LabelledImage], ObjectExtent)?
        for _ in 0..<4 {
            let isVideo =
                !data.videos.isEmpty && (data.stills.isEmpty || random.chance(0.35))
            let images =
                isVideo
                ? try images(of: data.videos[random.index(data.videos.count)])
                : [try data.image(data.stills[random.index(data.stills.count)])]
            guard let extent = ObjectExtent(images[images.count / 2].picture) else { continue }
            found = (images, extent)
            if !extent.isCutAnywhere { break }
        }
        return found
    }

    /// Adds an object that covers `share` of the frame.
    mutating func add(
        _ images: [LabelledImage], _ extent: ObjectExtent, share: Float,
        _ brightness: SIMD3<Float>, to scene: inout Scene
    ) throws {
        var motion = placed(extent, share: share)
        // As often as not the camera follows the object, else the object moves over what the camera passes.
        if random.chance(0.5) { motion.velocity = scene.camera.velocity }
        let length = share.squareRoot() * size.y
        if hasBystanders || !random.chance(0.08) {
            let speed = min(18, max(2, 0.25 * length))
            move(
                &motion, speed: 0.8...speed, growth: 0.04, turn: 0.06, always: hasBystanders)
        }
        bend(&motion, size: 2 * extent.radius)
        if random.chance(0.3) { motion.shear = random.number(-0.15...0.15) }
        var layer = Layer(
            .object, images.map { $0.sprite() }, scale: motion.scale, motions: [motion])
        layer.gain = gain(of: images[images.count / 2].picture, towards: brightness)
        blurMotion(&layer)
        scene.layers.append(layer)
    }

    /// Somewhere in the frame; what its picture cuts off stays beyond the frame's edge.
    mutating func placed(_ extent: ObjectExtent, share: Float) -> PlaneMotion {
        let box = SIMD2(
            Float(extent.upper.x - extent.lower.x + 1), Float(extent.upper.y - extent.lower.y + 1))
        var scale = (share * size.x * size.y / Float(extent.area)).squareRoot()
        // Enlarged more, it would look blurred beside the background.
        scale = min(scale, 1.8, 1.3 * size.y / box.y, 1.3 * size.x / box.x)
        var place = size * SIMD2(random.number(0.12...0.88), random.number(0.2...0.85))
        let half = box * scale / 2
        let isCut = extent.isCut
        let isMirrored = random.chance(configuration.mirrored)
        let (left, right) = isMirrored ? (isCut.right, isCut.left) : (isCut.left, isCut.right)
        if left != right { place.x = left ? half.x * 0.85 : size.x - half.x * 0.85 }
        if isCut.top != isCut.bottom {
            place.y = isCut.top ? half.y * 0.85 : size.y - half.y * 0.85
        }
        var motion = PlaneMotion(anchor: extent.middle, position: place, scale: scale)
        motion.isMirrored = isMirrored
        motion.aspect = random.number(0.85...1.18)
        if random.chance(0.5), !extent.isCutAnywhere { motion.angle = random.number(-0.3...0.3) }
        return motion
    }

    /// Brings an object's colours towards those of its new surroundings, sometimes: or strange light would give
    /// away what was pasted.
    mutating func gain(of picture: Picture, towards brightness: SIMD3<Float>)
        -> SIMD3<Float>
    {
        let own = picture.meanColour(where: 255...255)
        let ratio = (brightness + 8) / (own + 8)
        let amount = random.chance(0.6) ? random.number(0.2...0.8) : 0
        let light = random.scale(0.8...1.25)
        let gain = (1 + (ratio - 1) * amount) * light
        return gain.clamped(
            lowerBound: SIMD3(repeating: 0.5), upperBound: SIMD3(repeating: 1.7))
    }

    /// Puts something before the scene that is no object: a texture in the outline of one, at rest in the world.
    /// So neither an outline that was cut nor a patch of other colours says that there is an object.
    mutating func occlude(_ scene: inout Scene) throws {
        guard let (images, extent) = try pastedObject() else { return }
        let files =
            data.stills.isEmpty
            ? data.videos[random.index(data.videos.count)][0]
            : data.stills[random.index(data.stills.count)]
        let texture = try data.image(files).picture.objectsFilled()
        let sprite = filled(images[images.count / 2].sprite(), with: texture)
        var motion = placed(extent, share: random.scale(0.004...0.06))
        motion.velocity = scene.camera.velocity * random.number(1...1.4)
        motion.growth = scene.camera.growth
        disguise(&motion)
        if let last = scene.layers.last, last.role == .object, random.chance(0.5) {
            let offset = random.point(-0.2...0.2) * size.y
            motion.position = last.motions[0].position + offset
        }
        let layer = Layer(.occluder, [sprite], scale: motion.scale, motions: [motion])
        // Before or behind the objects.
        scene.layers.insert(layer, at: random.chance(0.6) ? scene.layers.count : 1)
    }

    /// A sprite's outline with the colours of a texture, from somewhere in it.
    mutating func filled(_ sprite: Picture, with texture: Picture) -> Picture {
        sprite.filled(
            with: texture, from: SIMD2(random.index(texture.width), random.index(texture.height)))
    }

    /// Turns something and draws it out, so that no outline of a kind of object comes to mean background.
    mutating func disguise(_ motion: inout PlaneMotion) {
        motion.angle = random.number(-3.14...3.14)
        motion.aspect = random.scale(0.5...2)
    }
}

extension ObjectExtent {
    /// Whether any edge of the picture cuts the objects off.
    var isCutAnywhere: Bool { isCut.left || isCut.right || isCut.top || isCut.bottom }
}

extension Picture {
    /// The mean colour of about a thousand pixels whose fourth channel lies in the range, 0 to 255.
    func meanColour(where range: ClosedRange<UInt8>) -> SIMD3<Float> {
        var (sum, count) = (SIMD3<Float>.zero, Float(0))
        for index in stride(from: 0, to: pixels.count, by: max(1, pixels.count / 4096)) {
            let pixel = pixels[index]
            guard range.contains(pixel.w) else { continue }
            sum += SIMD3(Float(pixel.x), Float(pixel.y), Float(pixel.z))
            count += 1
        }
        return count > 0 ? sum / count : SIMD3(repeating: 128)
    }
}
