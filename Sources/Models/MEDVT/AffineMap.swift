/// An affine map of the plane, in parts of a frame's width and height: where a point of one frame lies in another.
///
/// So the same map holds for each level of a backbone, whatever its size.
package struct AffineMap: Sendable, Equatable {
    /// What a whole width to the right becomes.
    package var right: SIMD2<Float>
    /// What a whole height downwards becomes.
    package var down: SIMD2<Float>
    /// Where the upper left corner comes to lie.
    package var origin: SIMD2<Float>

    package init(
        right: SIMD2<Float> = SIMD2(1, 0), down: SIMD2<Float> = SIMD2(0, 1),
        origin: SIMD2<Float> = .zero
    ) {
        (self.right, self.down, self.origin) = (right, down, origin)
    }

    /// All points stay.
    package static let identity = AffineMap()

    package func callAsFunction(_ point: SIMD2<Float>) -> SIMD2<Float> {
        right * point.x + down * point.y + origin
    }

    /// First `other`, then this map.
    package func after(_ other: AffineMap) -> AffineMap {
        AffineMap(
            right: self(other.right) - origin, down: self(other.down) - origin,
            origin: self(other.origin))
    }

    /// The map back. This one must not be flat.
    package var inverse: AffineMap {
        let determinant = right.x * down.y - right.y * down.x
        var result = AffineMap(
            right: SIMD2(down.y, -right.y) / determinant,
            down: SIMD2(-down.x, right.x) / determinant)
        result.origin -= result(origin)
        return result
    }
}
