#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension SceneMaker {
    /// An object of a picture, sometimes with limbs that it never had, and with markings: thin parts, and parts of
    /// another brightness, then belong to what they hang on.
    ///
    /// - Parameter id: the object; `nil` for all that the picture shows.
    mutating func sprite(of image: LabelledImage, id: UInt8? = nil) -> Picture {
        let sprite = image.sprite(of: id)
        // Without limbs nothing is drawn from the random numbers: older recipes keep their clips.
        guard configuration.limbs > 0, random.chance(configuration.limbs),
            let extent = ObjectExtent(sprite)
        else { return sprite }
        let texture = sprite.inverted().objectsFilled()
        var result = sprite
        for _ in 0..<(1 + random.index(4)) {
            let isMarking = random.chance(0.3)
            guard let limb = limb(of: sprite, extent, isMarking: isMarking) else { continue }
            let gain =
                isMarking || random.chance(0.5)
                ? random.scale(0.5...2)
                    * SIMD3(random.number(0.85...1.15), 1, random.number(0.85...1.15))
                : SIMD3(repeating: 1)
            limb.forEachPixel(width: result.width, height: result.height) { index in
                guard !isMarking || sprite.pixels[index].w != 0 else { return }
                let colour = SIMD4<Float>(texture.pixels[index]) * SIMD4(gain, 1)
                var pixel = SIMD4<UInt8>(
                    colour.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255)),
                    rounding: .toNearestOrEven)
                pixel.w = 255
                result.pixels[index] = pixel
            }
        }
        return result
    }

    /// A stroke from somewhere on the object's outline: away from it, or into it.
    private mutating func limb(of sprite: Picture, _ extent: ObjectExtent, isMarking: Bool) -> Limb?
    {
        let angle = random.number(0...(2 * .pi))
        let ray = SIMD2(cos(angle), sin(angle))
        // From outside towards the middle: the first pixel of the object.
        var distance = extent.radius
        var place = extent.middle + ray * distance
        func isObject(_ point: SIMD2<Float>) -> Bool {
            let (x, y) = (Int(point.x.rounded()), Int(point.y.rounded()))
            return (0..<sprite.width).contains(x) && (0..<sprite.height).contains(y)
                && sprite.pixels[y * sprite.width + x].w != 0
        }
        while distance > 0, !isObject(place) {
            distance -= 1
            place -= ray
        }
        guard distance > 0 else { return nil }
        let size = Float(extent.area).squareRoot()
        let radius = size * random.scale(isMarking ? 0.05...0.25 : 0.02...0.08)
        return Limb(
            root: place - ray * radius,
            angle: angle + random.number(-1...1) + (isMarking ? .pi : 0),
            bend: random.number(-1.5...1.5), length: size * random.scale(0.2...0.8),
            radii: (radius, radius * random.scale(0.4...1.3)))
    }
}
