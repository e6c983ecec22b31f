/// A rectangle of pixels.
public struct PixelBox: Sendable, Hashable {
    /// The first column.
    public let x: Int
    /// The first row.
    public let y: Int
    /// How many columns.
    public let width: Int
    /// How many rows.
    public let height: Int

    /// The rectangle of `width` columns from `x` and `height` rows from `y`.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

extension RunLengthMask {
    /// The smallest rectangle with all pixels of the mask; `nil` where it has none.
    public var boundingBox: PixelBox? {
        var (left, right, top, bottom) = (Int.max, 0, Int.max, 0)
        forEachRun { run in
            let (first, firstRow) = run.lowerBound.quotientAndRemainder(dividingBy: height)
            let (last, lastRow) = (run.upperBound - 1).quotientAndRemainder(dividingBy: height)
            left = min(left, first)
            right = max(right, last)
            // A run that goes on in the next column has that column's first row and its own last one.
            top = min(top, last > first ? 0 : firstRow)
            bottom = max(bottom, last > first ? height - 1 : lastRow)
        }
        guard left <= right else { return nil }
        return PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }
}
