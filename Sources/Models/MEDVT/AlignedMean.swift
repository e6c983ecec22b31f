import Tensor

/// For each frame of a clip the mean of what all frames show at its points, the camera's motion taken out.
///
/// A point that another frame does not show is left out of its mean there.
package struct AlignedMean {
    /// For each point of each frame, the rows that it is a mean of, and their shares.
    private let rows: [Int]
    private let shares: Tensor<Float>
    private let taps: Int

    /// For maps of `height` by `width`.
    package init(_ motion: CameraMotion, frames: Int, height: Int, width: Int) {
        taps = 1 + 4 * (frames - 1)
        let points = frames * height * width
        var rows = [Int](repeating: 0, count: points * taps)
        var shares = [Float](repeating: 0, count: points * taps)
        let size = SIMD2(Float(width), Float(height))
        for frame in 0..<frames {
            let others = (0..<frames).filter { $0 != frame }
            let maps = others.map { motion.map(from: frame, to: $0) }
            for point in 0..<height * width {
                let row = frame * height * width + point
                let start = row * taps
                (rows[start], shares[start]) = (row, 1)
                let place = (SIMD2(Float(point % width), Float(point / width)) + 0.5) / size
                var shown: Float = 1
                for (index, map) in maps.enumerated() {
                    let first = start + 1 + 4 * index
                    let seen = map(place) * size - 0.5
                    let inside = seen.clamped(lowerBound: .zero, upperBound: size - 1)
                    // A pixel reaches half its width beyond its middle.
                    let away = seen - inside
                    guard max(abs(away.x), abs(away.y)) <= 0.5 else { continue }
                    shown += 1
                    let (left, top) = (Int(inside.x), Int(inside.y))
                    let right = inside.x - Float(left)
                    let below = inside.y - Float(top)
                    let corner = (others[index] * height + top) * width + left
                    let next = left + 1 < width ? 1 : 0
                    let under = top + 1 < height ? width : 0
                    rows[first] = corner
                    rows[first + 1] = corner + next
                    rows[first + 2] = corner + under
                    rows[first + 3] = corner + under + next
                    shares[first] = (1 - right) * (1 - below)
                    shares[first + 1] = right * (1 - below)
                    shares[first + 2] = (1 - right) * below
                    shares[first + 3] = right * below
                }
                for tap in start..<start + taps { shares[tap] /= shown }
            }
        }
        self.rows = rows
        self.shares = Tensor(shares, shape: [points, taps, 1])
    }

    /// - Parameter map: `[frames, height, width, channels]`.
    /// - Returns: the means, in the same shape.
    package func callAsFunction(_ map: Tensor<Float>) -> Tensor<Float> {
        let channels = map.shape[3]
        let taken = takeRows(map.reshaped(-1, channels), rows).reshaped(-1, taps, channels)
        return (taken * shares).sum(axis: 1).reshaped(map.shape)
    }
}
