extension SceneMaker {
    /// Lays things still on the background of a scene whose objects move: such as are objects elsewhere, and lumps
    /// with the very colours of the object that moves. Neither kind nor colour then tells what counts.
    ///
    /// Nothing is added where the background is a video, whose camera's motion is not known.
    mutating func addBystanders(to scene: inout Scene) throws {
        let background = scene.layers[0].pictures
        guard background.count == 1, let object = scene.layers.last(where: { $0.role == .object })
        else { return }
        let brightness = background[0].meanColour(where: 0...255)
        for _ in 0..<(random.chance(0.5) ? 1 : 2) {
            guard let (images, extent) = try pastedObject() else { continue }
            let image = images[images.count / 2]
            let layer =
                random.chance(0.5)
                ? bystander(image, extent, brightness, in: scene)
                : lump(extent, of: image.sprite(), coloured: object, in: scene)
            // Mostly behind the objects.
            scene.layers.insert(layer, at: random.chance(0.8) ? 1 : scene.layers.count)
        }
    }

    /// An object of another picture, at rest.
    private mutating func bystander(
        _ image: LabelledImage, _ extent: ObjectExtent, _ brightness: SIMD3<Float>,
        in scene: Scene
    ) -> Layer {
        let motion = placed(extent, share: random.scale(0.006...0.15))
        var layer = resting(image.sprite(), motion, in: scene)
        layer.gain = gain(of: image.picture, towards: brightness)
        return layer
    }

    /// An outline filled with the colours of an object of the scene.
    private mutating func lump(
        _ extent: ObjectExtent, of sprite: Picture, coloured object: Layer, in scene: Scene
    ) -> Layer {
        let texture = object.pictures[object.pictures.count / 2].inverted().objectsFilled()
        let filled = filled(sprite, with: texture)
        var motion = placed(extent, share: random.scale(0.004...0.08))
        disguise(&motion)
        if random.chance(0.5) {
            // Beside the object, where it is hardest to tell apart.
            motion.position = object.motions[0].position + random.point(-0.3...0.3) * size.y
        }
        var layer = resting(filled, motion, in: scene)
        layer.gain = object.gain * random.scale(0.75...1.3)
        return layer
    }

    /// What lies in a frame as `motion` says at time 0, and moves with the background.
    private func resting(_ sprite: Picture, _ motion: PlaneMotion, in scene: Scene) -> Layer {
        var place = motion
        place.position = scene.camera.source(at: motion.position, time: 0)
        place.scale = motion.scale / scene.camera.scale
        return Layer(
            .occluder, [sprite], scale: motion.scale, motions: [scene.camera, place])
    }
}
