extension LabelledImage {
    /// The object of one id, or all objects, as a sprite of the picture's own size.
    func sprite(of id: UInt8? = nil) -> Picture {
        var sprite = picture
        sprite.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in pixels.indices
            where pixels[index].w == 0 || (id != nil && ids[index] != id) {
                pixels[index] = .zero
            }
        }
        return sprite
    }
}

extension Picture {
    /// The colours of another picture, mirrored at its edges, in the shape of this sprite.
    func filled(with texture: Picture, from start: SIMD2<Int>) -> Picture {
        var result = self
        for y in 0..<height {
            let row = mirrored(y + start.y, texture.height) * texture.width
            for x in 0..<width where pixels[y * width + x].w != 0 {
                var pixel = texture.pixels[row + mirrored(x + start.x, texture.width)]
                pixel.w = 255
                result.pixels[y * width + x] = pixel
            }
        }
        return result
    }

    /// The picture with no object in it: those that it shows are background like all else.
    func unlabelled() -> Picture {
        var result = self
        for index in result.pixels.indices { result.pixels[index].w = 0 }
        return result
    }

    /// The picture with object and background in each other's place.
    func inverted() -> Picture {
        var result = self
        for index in result.pixels.indices { result.pixels[index].w = 255 - pixels[index].w }
        return result
    }

    private func mirrored(_ index: Int, _ count: Int) -> Int {
        let place = index % (2 * count)
        return place < count ? place : 2 * count - 1 - place
    }
}
