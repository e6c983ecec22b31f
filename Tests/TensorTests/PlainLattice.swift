import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

func exponential(_ x: Double) -> Double { exp(x) }

/// The permutohedral lattice in double precision, a dictionary of points: the plain twin of
/// `GaussianLatticeFilter`. A simplex is found by sorting, not by counting.
struct PlainLattice {
    private let dimension: Int
    /// For each point its corners, all `dimension + 1` coordinates of each, and their weights.
    private let corners: [[(point: [Int], weight: Double)]]

    init(_ features: Tensor<Float>) {
        let d = features.shape[1]
        dimension = d
        let values = features.scalars.map(Double.init)
        corners = (0..<features.shape[0]).map { point in
            Self.simplex(around: Self.elevated(Array(values[point * d..<(point + 1) * d])))
        }
    }

    /// The filter with its symmetric normalisation.
    func normalized(_ values: [Double]) -> [Double] {
        let factors = filtered(values.map { _ in 1 }).map { 1 / ($0 + 1e-20).squareRoot() }
        return zip(filtered(zip(values, factors).map(*)), factors).map(*)
    }

    private func filtered(_ values: [Double]) -> [Double] {
        var lattice: [[Int]: Double] = [:]
        for (value, corners) in zip(values, corners) {
            for corner in corners { lattice[corner.point, default: 0] += corner.weight * value }
        }
        for axis in 0...dimension {
            var blurred = lattice
            for (point, value) in lattice {
                var step = [Int](repeating: 1, count: dimension + 1)
                step[axis] = -dimension
                let before = lattice[zip(point, step).map(-)] ?? 0
                let after = lattice[zip(point, step).map(+)] ?? 0
                blurred[point] = value + 0.5 * (before + after)
            }
            lattice = blurred
        }
        let alpha = 1 / (1 + pow(2, -Double(dimension)))
        return corners.map { corners in
            alpha * corners.reduce(0) { $0 + $1.weight * (lattice[$1.point] ?? 0) }
        }
    }

    /// A feature vector on the hyperplane of coordinates that add up to zero: coordinate `k` of the
    /// features lies along `(1, ..., 1, -k, 0, ..., 0)`.
    private static func elevated(_ features: [Double]) -> [Double] {
        let d = features.count
        var result = [Double](repeating: 0, count: d + 1)
        for k in 1...d {
            let length = Double(k * (k + 1)).squareRoot()
            let amount = features[k - 1] * (2.0 / 3.0).squareRoot() * Double(d + 1) / length
            for i in 0..<k { result[i] += amount }
            result[k] -= Double(k) * amount
        }
        return result
    }

    /// The corners around a point of the hyperplane.
    private static func simplex(around point: [Double]) -> [(point: [Int], weight: Double)] {
        let d = point.count - 1
        var nearest = point.map { Int(($0 / Double(d + 1)).rounded(.toNearestOrEven)) * (d + 1) }
        func offset(_ i: Int) -> Double { point[i] - Double(nearest[i]) }
        // Which of equal offsets comes first decides which corners exist: a corner of weight zero still passes
        // on what is blurred into it. As officially, the lower coordinate does.
        // The rounded point may miss the hyperplane: the coordinates that were rounded furthest give way.
        let order = (0...d).sorted { offset($0) != offset($1) ? offset($0) > offset($1) : $0 < $1 }
        let excess = nearest.reduce(0, +) / (d + 1)
        if excess > 0 { for i in order.suffix(excess) { nearest[i] -= d + 1 } }
        if excess < 0 { for i in order.prefix(-excess) { nearest[i] += d + 1 } }
        // From the largest offset to the smallest, each step crosses to the next corner.
        let sorted = (0...d).sorted {
            offset($0) != offset($1) ? offset($0) > offset($1) : $0 < $1
        }
        return (0...d).map { remainder in
            // Corner r adds r to the d + 1 - r coordinates of the largest offsets, r - d - 1 to the others.
            var corner = nearest
            for (place, i) in sorted.enumerated() {
                corner[i] += place <= d - remainder ? remainder : remainder - d - 1
            }
            let share = Double(d + 1)
            let weight =
                remainder == 0
                ? 1 - (offset(sorted[0]) - offset(sorted[d])) / share
                : (offset(sorted[d - remainder]) - offset(sorted[d - remainder + 1])) / share
            return (corner, weight)
        }
    }
}
