import Tensor

extension Preprocessing {
    /// The size of the network's input for a frame of the given size, without padding.
    public func inputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        switch sizing {
        case .fixed(let height, let width):
            return (height, width)
        case .shortSide(let shortSide, let longSide):
            return Self.aspectPreservingSize(
                height: height, width: width, shortSide: shortSide, longSide: longSide)
        case .shortestEdge(let shortSide, let longSide):
            return Self.shortestEdgeSize(
                height: height, width: width, shortSide: shortSide, longSide: longSide)
        }
    }

    /// The size of the network's input with its padding.
    public func paddedSize(height: Int, width: Int) -> (height: Int, width: Int) {
        let size = inputSize(height: height, width: width)
        func rounded(_ side: Int) -> Int { (side + sizeDivisor - 1) / sizeDivisor * sizeDivisor }
        return (rounded(size.height), rounded(size.width))
    }

    /// Which pixels of the network's input are padding, `[height, width]` of its padded size; `nil` where
    /// none is.
    public func paddingMask(height: Int, width: Int) -> Tensor<Bool>? {
        let size = inputSize(height: height, width: width)
        let padded = paddedSize(height: height, width: width)
        guard size != padded else { return nil }
        return Tensor(
            (0..<padded.height).flatMap { row in
                (0..<padded.width).map { row >= size.height || $0 >= size.width }
            }, shape: [padded.height, padded.width])
    }

    /// `image`, `[height, width, 3]`, with zeros at the right and at the bottom.
    func withPadding(_ image: Tensor<Float>) -> Tensor<Float> {
        let bottom = (sizeDivisor - image.shape[0] % sizeDivisor) % sizeDivisor
        let right = (sizeDivisor - image.shape[1] % sizeDivisor) % sizeDivisor
        return bottom + right == 0 ? image : padded(image, [(0, bottom), (0, right), (0, 0)])
    }

    /// detectron2's `ResizeShortestEdge`: both sides are scaled as real numbers, then rounded.
    static func shortestEdgeSize(
        height: Int, width: Int, shortSide: Int, longSide: Int
    ) -> (height: Int, width: Int) {
        let scale = Double(shortSide) / Double(min(height, width))
        var newHeight = height < width ? Double(shortSide) : scale * Double(height)
        var newWidth = height < width ? scale * Double(width) : Double(shortSide)
        let longest = max(newHeight, newWidth)
        if longest > Double(longSide) {
            newHeight *= Double(longSide) / longest
            newWidth *= Double(longSide) / longest
        }
        return (max(1, Int(newHeight + 0.5)), max(1, Int(newWidth + 0.5)))
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
