/// Draws a picture through a smooth map, a part of the result added to what is there.
///
/// The map is asked at the corners of blocks only; between them it is linear in both directions, which is exact
/// for what moves flat and far below a pixel wrong for what bends.
package struct Warp {
    private static let block = 16

    let width: Int
    let height: Int

    /// For frames of this size.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Adds `share` of the picture, in 0 ... 1 a channel.
    ///
    /// - Parameters:
    ///   - picture: is mirrored at its edges where it `repeats`, else nothing lies beyond them.
    ///   - source: the picture's point for a point of the frame.
    package func add(
        _ picture: Picture, repeats: Bool, share: Float,
        into result: UnsafeMutablePointer<SIMD4<Float>>,
        source: (SIMD2<Float>) -> SIMD2<Float>
    ) {
        let block = Self.block
        let (columns, rows) = ((width + block - 1) / block + 1, (height + block - 1) / block + 1)
        var corners: [SIMD2<Float>] = []
        corners.reserveCapacity(columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                corners.append(source(SIMD2(Float(column * block), Float(row * block))))
            }
        }
        let scale = share / 255
        picture.pixels.withUnsafeBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            let sampler = Sampler(
                pixels: pixels, width: picture.width, height: picture.height, scale: scale)
            for row in 0..<rows - 1 {
                for column in 0..<columns - 1 {
                    let at = row * columns + column
                    let quad = Quad(
                        corners[at], corners[at + 1], corners[at + columns],
                        corners[at + columns + 1])
                    draw(quad, x: column * block, y: row * block, sampler, repeats, into: result)
                }
            }
        }
    }

    private func draw(
        _ quad: Quad, x: Int, y: Int, _ sampler: Sampler, _ repeats: Bool,
        into result: UnsafeMutablePointer<SIMD4<Float>>
    ) {
        let last = SIMD2(Float(sampler.width - 1), Float(sampler.height - 1))
        let (lower, upper) = (quad.lower, quad.upper)
        let isInside =
            lower.x >= 0 && lower.y >= 0 && upper.x < last.x && upper.y < last.y
        guard
            isInside || repeats
                || (upper.x > -1 && upper.y > -1 && lower.x < last.x + 1 && lower.y < last.y + 1)
        else { return }
        let size = Float(Self.block)
        let (endX, endY) = (min(x + Self.block, width), min(y + Self.block, height))
        for row in y..<endY {
            let down = Float(row - y) / size
            let left = quad.topLeft + (quad.bottomLeft - quad.topLeft) * down
            let right = quad.topRight + (quad.bottomRight - quad.topRight) * down
            let step = (right - left) / size
            var place = left
            let line = result + row * width
            if isInside {
                for column in x..<endX {
                    line[column] += sampler.inside(place)
                    place += step
                }
            } else if repeats {
                for column in x..<endX {
                    line[column] += sampler.mirrored(place)
                    place += step
                }
            } else {
                for column in x..<endX {
                    line[column] += sampler.bordered(place)
                    place += step
                }
            }
        }
    }

    /// Where the corners of a block lie in the picture.
    private struct Quad {
        let (topLeft, topRight): (SIMD2<Float>, SIMD2<Float>)
        let (bottomLeft, bottomRight): (SIMD2<Float>, SIMD2<Float>)

        init(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>, _ d: SIMD2<Float>) {
            (topLeft, topRight, bottomLeft, bottomRight) = (a, b, c, d)
        }

        var lower: SIMD2<Float> {
            pointwiseMin(pointwiseMin(topLeft, topRight), pointwiseMin(bottomLeft, bottomRight))
        }

        var upper: SIMD2<Float> {
            pointwiseMax(pointwiseMax(topLeft, topRight), pointwiseMax(bottomLeft, bottomRight))
        }
    }
}
