extension Picture {
    /// The picture with its objects painted over by their surroundings, and no object in it: mostly their mirror
    /// image, and a part of a smooth fill.
    ///
    /// The fill is that of a pyramid of means (Gortler et al., "The Lumigraph", 1996, section 3.4): each level
    /// knows the mean of the known pixels below, and what is unknown takes the level above.
    package func objectsFilled() -> Picture {
        // Colours times knowledge, and the knowledge. The objects' outlines are never exact: two pixels around
        // them are not trusted either.
        let unknown = grown(by: 2)
        var known = [SIMD4<Float>](repeating: .zero, count: pixels.count)
        for index in pixels.indices where !unknown[index] {
            known[index] = SIMD4(
                Float(pixels[index].x), Float(pixels[index].y), Float(pixels[index].z), 1)
        }
        let colours = Self.pulled(known, width, height)
        let mirrored = mirroredSources(unknown: unknown)
        var result = self
        for index in pixels.indices {
            if unknown[index] {
                var colour = colours[index]
                if mirrored[index] >= 0 {
                    let texture = pixels[mirrored[index]]
                    let known = SIMD4(Float(texture.x), Float(texture.y), Float(texture.z), 0)
                    colour += (known - colour) * 0.8
                }
                // Means of bytes are bytes.
                result.pixels[index] = SIMD4(
                    UInt8(min(max(colour.x, 0), 255)), UInt8(min(max(colour.y, 0), 255)),
                    UInt8(min(max(colour.z, 0), 255)), 0)
            }
            result.pixels[index].w = 0
        }
        return result
    }

    private func grown(by radius: Int) -> [Bool] {
        var rows = [Bool](repeating: false, count: pixels.count)
        var result = rows
        for y in 0..<height {
            for x in 0..<width where pixels[y * width + x].w != 0 {
                for column in max(0, x - radius)...min(width - 1, x + radius) {
                    rows[y * width + column] = true
                }
            }
        }
        for y in 0..<height {
            for x in 0..<width where rows[y * width + x] {
                for row in max(0, y - radius)...min(height - 1, y + radius) {
                    result[row * width + x] = true
                }
            }
        }
        return result
    }

    /// The colours everywhere, divided by their knowledge.
    private static func pulled(
        _ level: [SIMD4<Float>], _ width: Int, _ height: Int
    ) -> [SIMD4<Float>] {
        guard width > 1 || height > 1 else {
            return level.map { $0 / max($0.w, 1e-6) }
        }
        let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
        var half = [SIMD4<Float>](repeating: .zero, count: halfWidth * halfHeight)
        for y in 0..<height {
            for x in 0..<width { half[y / 2 * halfWidth + x / 2] += level[y * width + x] }
        }
        // A mean over what is known: colours weigh by knowledge, which saturates.
        for index in half.indices where half[index].w > 1 { half[index] /= half[index].w }
        let coarse = pulled(half, halfWidth, halfHeight)
        var result = level
        for y in 0..<height {
            // Bilinear between the four nearest of the coarse level.
            let row = (Float(y) - 0.5) / 2
            let top = Int(max(0, row))
            let down = min(max(row - Float(top), 0), 1)
            let (upper, lower) = (top * halfWidth, min(top + 1, halfHeight - 1) * halfWidth)
            for x in 0..<width where level[y * width + x].w < 1 {
                let column = (Float(x) - 0.5) / 2
                let left = Int(max(0, column))
                let along = min(max(column - Float(left), 0), 1)
                let right = min(left + 1, halfWidth - 1)
                let first = coarse[upper + left] * (1 - along) + coarse[upper + right] * along
                let second = coarse[lower + left] * (1 - along) + coarse[lower + right] * along
                let value = first * (1 - down) + second * down
                let own = level[y * width + x]
                var mixed = own + value * (1 - own.w)
                mixed.w = 1
                result[y * width + x] = mixed
            }
        }
        return result
    }
}
