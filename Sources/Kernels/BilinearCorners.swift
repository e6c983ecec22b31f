/// The four pixels around a point of an image and what bilinear interpolation weighs them by. Outside the
/// image, and beside its edge, are zeros.
struct BilinearCorners {
    /// Weights of the rows and columns; zero where they are outside.
    let above: Float
    let below: Float
    let before: Float
    let after: Float
    /// By what the weights grow with the point's coordinate: -1 or 1, or zero outside.
    let aboveSlope: Float
    let belowSlope: Float
    let beforeSlope: Float
    let afterSlope: Float
    /// Pixels: the first row's two, then the second row's. Those outside are replaced by one inside.
    let pixels: (Int, Int, Int, Int)

    /// Nil where the point is so far outside that it sees zeros only. `frame` counts images of `size`.
    @inline(__always)
    init?(frame: Int, y: Float, x: Float, size: Extent) {
        let (height, width) = (size.height, size.width)
        guard y > -1, x > -1, y < Float(height), x < Float(width) else { return nil }
        let top = y.rounded(.down)
        let left = x.rounded(.down)
        let row = Int(top)
        let column = Int(left)
        let down = y - top
        let right = x - left
        above = row >= 0 ? 1 - down : 0
        below = row &+ 1 < height ? down : 0
        before = column >= 0 ? 1 - right : 0
        after = column &+ 1 < width ? right : 0
        aboveSlope = row >= 0 ? -1 : 0
        belowSlope = row &+ 1 < height ? 1 : 0
        beforeSlope = column >= 0 ? -1 : 0
        afterSlope = column &+ 1 < width ? 1 : 0
        let first = (frame &* height &+ max(0, row)) &* width
        let second = (frame &* height &+ min(height &- 1, row &+ 1)) &* width
        let near = max(0, column)
        let far = min(width &- 1, column &+ 1)
        pixels = (first &+ near, first &+ far, second &+ near, second &+ far)
    }
}
