/// A vertex of the permutohedral lattice: all coordinates of its point but the last, packed with a bias, so
/// that a step along the lattice is an addition.
///
/// Even coordinates lie in one word and odd ones in the other, 21 bits each: where there are two, each has
/// a word for itself.
struct PermutohedralVertex: Equatable {
    var low: UInt64
    var high: UInt64

    /// What is added to a coordinate so that it is positive. Three in a word stay below it in size.
    static let bias: Int32 = 1 << 20
    private static let bits = 21

    /// Bits that differ between near vertices, for a table.
    var hash: Int {
        var mixed = low &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F
        mixed ^= mixed >> 29
        mixed = mixed &* 0xBF58_476D_1CE4_E5B9
        return Int(truncatingIfNeeded: mixed >> 24)
    }

    init(low: UInt64 = 0, high: UInt64 = 0) {
        self.low = low
        self.high = high
    }

    /// Adds `value` to coordinate `axis`.
    @inline(__always)
    mutating func add(_ value: Int32, to axis: Int) {
        let amount = UInt64(bitPattern: Int64(value))
        let shift = UInt64((axis >> 1) &* Self.bits)
        if axis & 1 == 0 { low &+= amount << shift } else { high &+= amount << shift }
    }

    /// The vertex one step further along an axis of the blur: all coordinates less one, that of the axis
    /// plus the dimension. The last axis has no coordinate of its own.
    static func step(alongAxis axis: Int, dimension: Int) -> PermutohedralVertex {
        var step = PermutohedralVertex()
        for i in 0..<dimension { step.add(i == axis ? Int32(dimension) : -1, to: i) }
        return step
    }

    @inline(__always)
    func moved(by step: PermutohedralVertex) -> PermutohedralVertex {
        PermutohedralVertex(low: low &+ step.low, high: high &+ step.high)
    }
}

/// Finds the simplex of the permutohedral lattice around a point, and the point's barycentric coordinates.
///
/// Adams, Baek and Davis, "Fast High-Dimensional Filtering Using the Permutohedral Lattice" (2010),
/// section 3.1.
struct PermutohedralSimplex {
    let dimension: Int
    /// What each feature is multiplied by on the way to the lattice's hyperplane.
    private let scales: [Float]

    init(dimension: Int) {
        self.dimension = dimension
        // A blur of variance 1/2 along each axis, after which features have a variance of one.
        let spread = (2.0 / 3.0).squareRoot() * Float(dimension + 1)
        scales = (0..<dimension).map { spread / Float(($0 + 1) * ($0 + 2)).squareRoot() }
    }

    /// A unit of what `locate` wants for itself.
    var scratchCount: Int { dimension + 2 }

    /// Writes the `dimension + 1` vertices and their weights, which add up to one.
    ///
    /// - Parameters:
    ///   - reals: three times `scratchCount` floats.
    ///   - ranks: `scratchCount` numbers.
    @inline(__always)
    func locate(
        _ features: UnsafePointer<Float>, vertices: UnsafeMutablePointer<PermutohedralVertex>,
        weights: UnsafeMutablePointer<Float>, reals: UnsafeMutablePointer<Float>,
        ranks: UnsafeMutablePointer<Int32>
    ) {
        let d = dimension
        let elevated = reals
        let nearest = reals + (d &+ 2)
        let barycentric = nearest + (d &+ 2)

        // Onto the hyperplane whose coordinates add up to zero.
        var sum: Float = 0
        var axis = d
        while axis > 0 {
            let coordinate = features[axis &- 1] * scales[axis &- 1]
            elevated[axis] = sum - Float(axis) * coordinate
            sum += coordinate
            axis &-= 1
        }
        elevated[0] = sum

        // The nearest point of which every coordinate is a multiple of d + 1.
        let period = Float(d &+ 1)
        let inverse = 1 / period
        var excess: Int32 = 0
        for i in 0...d {
            let rounded = (inverse * elevated[i]).rounded(.toNearestOrEven)
            nearest[i] = rounded * period
            excess &+= Int32(rounded)
            ranks[i] = 0
        }

        // How many coordinates are further from it than each one.
        for i in 0..<d {
            let own = elevated[i] - nearest[i]
            for j in (i &+ 1)...d {
                if own < elevated[j] - nearest[j] { ranks[i] &+= 1 } else { ranks[j] &+= 1 }
            }
        }
        if excess != 0 {
            let wrap = Int32(d &+ 1)
            for i in 0...d {
                ranks[i] &+= excess
                if ranks[i] < 0 {
                    ranks[i] &+= wrap
                    nearest[i] += period
                } else if ranks[i] >= wrap {
                    ranks[i] &-= wrap
                    nearest[i] -= period
                }
            }
        }

        for i in 0..<d &+ 2 { barycentric[i] = 0 }
        for i in 0...d {
            let offset = (elevated[i] - nearest[i]) * inverse
            let place = d &- Int(ranks[i])
            barycentric[place] += offset
            barycentric[place &+ 1] -= offset
        }
        barycentric[0] += 1 + barycentric[d &+ 1]

        for remainder in 0...d {
            weights[remainder] = barycentric[remainder]
            var vertex = PermutohedralVertex()
            for i in 0..<d {
                let wraps = Int(ranks[i]) > d &- remainder
                let shift = wraps ? remainder &- (d &+ 1) : remainder
                vertex.add(
                    Int32(nearest[i]) &+ Int32(truncatingIfNeeded: shift)
                        &+ PermutohedralVertex.bias, to: i)
            }
            vertices[remainder] = vertex
        }
    }
}
