import Kernels
import Tensor

/// Maps enlarged by a whole `factor` with aligned corners, shifted by half of it so that pixels' centres
/// keep their places (`aligned_bilinear` of AdelaiDet and SeqFormer).
///
/// Row `y` of the result lies at `max(y - factor / 2, 0) / factor`; the last row and column are repeated.
///
/// - Parameter x: `[maps, height, width]`.
/// - Returns: `[maps, factor * height, factor * width]`.
public func alignedBilinear(_ x: Tensor<Float>, factor: Int) -> Tensor<Float> {
    precondition(
        x.rank == 3 && factor > 0, "alignedBilinear: \(x.shape) enlarged by \(factor)")
    requireUntraced("alignedBilinear", x)
    let (maps, height, width) = (x.shape[0], x.shape[1], x.shape[2])
    let rows = AlignedPosition.all(of: height, factor: factor)
    let columns = AlignedPosition.all(of: width, factor: factor)
    return Tensor(shape: [maps, rows.count, columns.count]) { result in
        x.withUnsafeBuffer { x in
            guard let x = x.baseAddress, let result = result.baseAddress, maps > 0 else { return }
            ThreadPool.shared.runRanges(maps * rows.count, grain: 32) { range in
                for line in range {
                    let row = rows[line % rows.count]
                    let map = x + line / rows.count * height * width
                    let (upper, lower) = (map + row.first * width, map + row.second * width)
                    let into = result + line * columns.count
                    for (index, column) in columns.enumerated() {
                        let above = column.between(upper[column.first], upper[column.second])
                        let below = column.between(lower[column.first], lower[column.second])
                        into[index] = row.between(above, below)
                    }
                }
            }
        }
    }
}

/// Between which two elements of a line an element of the enlarged line lies.
private struct AlignedPosition {
    let first: Int
    let second: Int
    let share: Float

    @inline(__always)
    func between(_ a: Float, _ b: Float) -> Float { (1 - share) * a + share * b }

    static func all(of length: Int, factor: Int) -> [AlignedPosition] {
        (0..<length * factor).map { index in
            let place = Float(max(index - factor / 2, 0)) * (1 / Float(factor))
            let first = min(Int(place), length - 1)
            return AlignedPosition(
                first: first, second: min(first + 1, length - 1), share: place - Float(first))
        }
    }
}
