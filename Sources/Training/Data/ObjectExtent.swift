/// Where the objects of a picture lie.
struct ObjectExtent: Sendable {
    /// How many pixels they have.
    let area: Int

    /// The mean of their pixels' places.
    let centre: SIMD2<Float>

    /// The smallest and largest column and row.
    let lower: SIMD2<Int>
    let upper: SIMD2<Int>

    /// Whether they are cut off by the left, right, top and bottom edge of the picture.
    let isCut: (left: Bool, right: Bool, top: Bool, bottom: Bool)

    /// Of the pixels whose fourth channel is not 0; `nil` where there is none.
    init?(_ picture: Picture) {
        var (area, columns, rows) = (0, 0, 0)
        var lower = SIMD2(Int.max, Int.max)
        var upper = SIMD2(-1, -1)
        var edges = SIMD4<Int>.zero
        let (width, height) = (picture.width, picture.height)
        picture.pixels.withUnsafeBufferPointer { pixels in
            for y in 0..<height {
                var (inRow, first, last) = (0, width, -1)
                for x in 0..<width where pixels[y &* width &+ x].w != 0 {
                    inRow &+= 1
                    columns &+= x
                    first = min(first, x)
                    last = x
                }
                guard inRow > 0 else { continue }
                area &+= inRow
                rows &+= y &* inRow
                lower = SIMD2(min(lower.x, first), min(lower.y, y))
                upper = SIMD2(max(upper.x, last), y)
                if first <= 1 { edges[0] &+= 1 }
                if last >= width - 2 { edges[1] &+= 1 }
                if y == 0 { edges[2] = inRow }
                if y == height - 1 { edges[3] = inRow }
            }
        }
        guard area > 0 else { return nil }
        self.area = area
        centre = SIMD2(Float(columns), Float(rows)) / Float(area)
        self.lower = lower
        self.upper = upper
        // A few pixels at an edge are a leg that stands on it.
        let most = max(3, Int(0.06 * Float(area).squareRoot()))
        isCut = (edges[0] > most, edges[1] > most, edges[2] > most, edges[3] > most)
    }

    /// Half of the diagonal of the box around the objects.
    var radius: Float {
        let size = upper &- lower &+ 1
        return 0.5 * Float(size.x * size.x + size.y * size.y).squareRoot()
    }

    /// The middle of the box around the objects.
    var middle: SIMD2<Float> {
        SIMD2(Float(lower.x + upper.x), Float(lower.y + upper.y)) * 0.5
    }
}
