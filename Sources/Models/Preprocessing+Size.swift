extension Preprocessing {
    /// The size of the network's input for a frame of the given size.
    public func inputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        switch sizing {
        case .fixed(let height, let width):
            return (height, width)
        case .shortSide(let shortSide, let longSide):
            return Self.aspectPreservingSize(
                height: height, width: width, shortSide: shortSide, longSide: longSide)
        }
    }

    /// The size whose short side is `shortSide`, or less where the long side would exceed `longSide`.
    ///
    /// The official scripts round a reduced short side half to even and truncate the long side; a frame
    /// whose short side already fits keeps its size.
    static func aspectPreservingSize(
        height: Int, width: Int, shortSide: Int, longSide: Int
    ) -> (height: Int, width: Int) {
        let short = Double(min(height, width))
        let long = Double(max(height, width))
        var side = shortSide
        if long / short * Double(side) > Double(longSide) {
            side = Int((Double(longSide) * short / long).rounded(.toNearestOrEven))
        }
        if min(height, width) == side { return (height, width) }
        let other = max(1, Int(Double(side * max(height, width)) / short))
        side = max(1, side)
        return width < height ? (other, side) : (side, other)
    }
}
