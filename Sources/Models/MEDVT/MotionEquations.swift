/// The normal equations of one step of Gauss-Newton towards the affine map between two pictures of one size.
struct MotionEquations {
    /// Of the six unknowns, a row each: six coefficients and the right-hand side.
    private var rows = [SIMD8<Double>](repeating: .zero, count: 6)
    /// How many pixels the pictures share, and how many there are.
    private var shared = 0
    private let pixels: Int

    /// The least difference of brightness, of normalised pictures, that tells what follows the map from what does not.
    private static let leastDeviation: Float = 0.01

    /// What is left to explain once `map` brings the first picture onto the second.
    ///
    /// - Parameter limit: a pixel whose difference is the square root of it counts a quarter.
    init(_ picture: GrayPicture, _ other: GrayPicture, _ map: AffineMap, limit: Float) {
        pixels = picture.width * picture.height
        let size = SIMD2(Float(picture.width), Float(picture.height))
        for row in 0..<picture.height {
            var sums = [SIMD8<Float>](repeating: .zero, count: 6)
            Self.forEachPixel(of: picture, row: row, in: other, map) { place, difference, slope in
                let slope = slope * size
                let place = place - 0.5
                let share = limit / (limit + difference * difference)
                let terms = SIMD8(
                    slope.x * place.x, slope.x * place.y, slope.x, slope.y * place.x,
                    slope.y * place.y, slope.y, difference, 0)
                let weighted = terms * (share * share)
                for index in 0..<6 { sums[index] += weighted * terms[index] }
                shared += 1
            }
            for index in 0..<6 { rows[index] += SIMD8<Double>(sums[index]) }
        }
    }

    /// Four times the variance of the differences, as their median tells it.
    static func limit(_ picture: GrayPicture, _ other: GrayPicture, _ map: AffineMap) -> Float {
        var differences: [Float] = []
        for row in 0..<picture.height {
            forEachPixel(of: picture, row: row, in: other, map) { _, difference, _ in
                differences.append(abs(difference))
            }
        }
        differences.sort()
        let median = differences.isEmpty ? 0 : differences[differences.count / 2]
        let deviation = max(leastDeviation, 1.4826 * median)
        return 4 * deviation * deviation
    }

    /// Calls `body` for the pixels of a row that lie in the other picture too: with the place, in parts of the picture,
    /// by how much the pixel is brighter, and how the other's brightness grows there, a pixel to the right and down.
    @inline(__always)
    private static func forEachPixel(
        of picture: GrayPicture, row: Int, in other: GrayPicture, _ map: AffineMap,
        _ body: (SIMD2<Float>, Float, SIMD2<Float>) -> Void
    ) {
        let width = picture.width
        let size = SIMD2(Float(width), Float(picture.height))
        let last = size - 1
        picture.values.withUnsafeBufferPointer { values in
            other.values.withUnsafeBufferPointer { others in
                for column in 0..<width {
                    let place = (SIMD2(Float(column), Float(row)) + 0.5) / size
                    let seen = map(place) * size - 0.5
                    guard seen.x >= 0, seen.y >= 0, seen.x < last.x, seen.y < last.y else {
                        continue
                    }
                    let (x, y) = (Int(seen.x), Int(seen.y))
                    let (right, below) = (seen.x - Float(x), seen.y - Float(y))
                    let at = y * width + x
                    let across = others[at + 1] - others[at]
                    let acrossBelow = others[at + width + 1] - others[at + width]
                    let upper = others[at] + across * right
                    let down = others[at + width] + acrossBelow * right - upper
                    body(
                        place, values[row * width + column] - (upper + down * below),
                        SIMD2(across + (acrossBelow - across) * below, down))
                }
            }
        }
    }

    /// The six unknowns, by elimination; `nil` where the pictures hardly overlap or have no structure to go by.
    var solution: [Float]? {
        guard shared * 4 > pixels else { return nil }
        var rows = rows
        for row in 0..<6 { rows[row][row] *= 1 + 1e-6 }
        for pivot in 0..<6 {
            guard rows[pivot][pivot] > 1e-9 else { return nil }
            for row in pivot + 1..<6 {
                rows[row] -= rows[pivot] * (rows[row][pivot] / rows[pivot][pivot])
            }
        }
        var result = SIMD8<Double>.zero
        for row in (0..<6).reversed() {
            let known = (rows[row] * result).sum()
            result[row] = (rows[row][6] - known) / rows[row][row]
        }
        return (0..<6).map { Float(result[$0]) }
    }
}
