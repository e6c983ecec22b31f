/// A high-dimensional Gaussian filter over points: the permutohedral lattice of Adams, Baek and Davis (2010).
///
/// Each point gives its value to the corners of its simplex, the corners' values are blurred along each
/// axis of the lattice, and each point takes them back: about a convolution with `exp(-|f - g|^2 / 2)`
/// over the points' features, as fully connected random fields use it (Krähenbühl and Koltun, 2011).
package final class PermutohedralLattice: Sendable {
    /// How many features a point has.
    package let dimension: Int
    /// How many points there are.
    package let points: Int
    /// How many corners of simplices there are.
    package var vertices: Int { starts.count - 1 }

    /// The most features that a point may have.
    package static let mostFeatures = 6

    /// What no feature may exceed in size, so that the coordinates of vertices, up to 17 times that, are
    /// told apart.
    package static func largestFeature(dimension: Int) -> Float {
        dimension <= 2 ? 500_000 : 50_000
    }

    /// A corner's share of a point.
    struct Share {
        var index: Int32
        var weight: Float
    }

    /// For each point its `dimension + 1` corners.
    let corners: [Share]
    /// For each corner the points that share in it, from `starts[corner]` on.
    let members: [Share]
    let starts: [Int32]
    /// For each axis and corner the corners before and after it, `[dimension + 1][vertices][2]`; where
    /// there is none, `vertices`.
    let neighbours: [Int32]

    /// The lattice around `points` points.
    ///
    /// - Parameter features: `[points, dimension]`, divided by the deviations of the Gaussian.
    package init(_ features: UnsafeBufferPointer<Float>, dimension: Int) {
        self.dimension = dimension
        points = features.count / dimension
        var table = PermutohedralTable(capacity: points)
        corners = Self.corners(features.baseAddress, points, dimension, &table)
        (members, starts) = Self.members(corners, dimension + 1, vertices: table.vertices.count)
        neighbours = Self.neighbours(table, dimension)
    }

    /// Points that are located at once, before their vertices are numbered.
    private static let pointsAtOnce = 8192

    private static func corners(
        _ features: UnsafePointer<Float>?, _ points: Int, _ dimension: Int,
        _ table: inout PermutohedralTable
    ) -> [Share] {
        let simplex = PermutohedralSimplex(dimension: dimension)
        let count = dimension + 1
        return [Share](unsafeUninitializedCapacity: points * count) { corners, initialized in
            initialized = points * count
            guard let features, let corners = corners.baseAddress else { return }
            let atOnce = min(points, pointsAtOnce) * count
            withUnsafeTemporaryAllocation(of: PermutohedralVertex.self, capacity: atOnce) {
                buffer in
                guard let vertices = buffer.baseAddress else { return }
                for first in stride(from: 0, to: points, by: pointsAtOnce) {
                    let chunk = first..<min(points, first + pointsAtOnce)
                    locate(simplex, chunk, features, vertices, corners)
                    // Neighbours often lie in one simplex: their vertices need no search.
                    for i in 0..<chunk.count &* count {
                        let corner = corners + (first &* count &+ i)
                        if i >= count, vertices[i] == vertices[i &- count] {
                            corner.pointee.index = (corner - count).pointee.index
                        } else {
                            corner.pointee.index = table.insert(vertices[i])
                        }
                    }
                }
            }
        }
    }

    /// Writes the weights of a chunk's points to their corners, and their vertices.
    private static func locate(
        _ simplex: PermutohedralSimplex, _ chunk: Range<Int>, _ features: UnsafePointer<Float>,
        _ vertices: UnsafeMutablePointer<PermutohedralVertex>,
        _ corners: UnsafeMutablePointer<Share>
    ) {
        let count = simplex.dimension + 1
        let scratch = simplex.scratchCount
        ThreadPool.shared.runRanges(chunk.count, grain: 1024) { range in
            withScratch(floats: 4 * scratch) { reals in
                let weights = reals + 3 * scratch
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: scratch) { ranks in
                    guard let ranks = ranks.baseAddress else { return }
                    for i in range {
                        let point = chunk.lowerBound &+ i
                        simplex.locate(
                            features + point &* simplex.dimension, vertices: vertices + i &* count,
                            weights: weights, reals: reals, ranks: ranks)
                        for j in 0..<count {
                            corners[point &* count &+ j] = Share(index: 0, weight: weights[j])
                        }
                    }
                }
            }
        }
    }

    /// The corners' shares sorted by corner, points in their order.
    private static func members(
        _ corners: [Share], _ perPoint: Int, vertices: Int
    ) -> (members: [Share], starts: [Int32]) {
        var starts = [Int32](repeating: 0, count: vertices + 1)
        for corner in corners { starts[Int(corner.index) &+ 1] &+= 1 }
        for i in 0..<vertices { starts[i &+ 1] &+= starts[i] }
        var next = starts
        let members = [Share](unsafeUninitializedCapacity: corners.count) { members, initialized in
            initialized = corners.count
            var point: Int32 = 0
            var left = perPoint
            for corner in corners {
                let vertex = Int(corner.index)
                members[Int(next[vertex])] = Share(index: point, weight: corner.weight)
                next[vertex] &+= 1
                left &-= 1
                if left == 0 {
                    left = perPoint
                    point &+= 1
                }
            }
        }
        return (members, starts)
    }

    private static func neighbours(_ table: PermutohedralTable, _ dimension: Int) -> [Int32] {
        let vertices = table.vertices.count
        let absent = Int32(truncatingIfNeeded: vertices)
        let count = (dimension + 1) * vertices * 2
        return [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = count
            guard let start = buffer.baseAddress else { return }
            start.initialize(repeating: absent, count: count)
            let neighbours = SendablePointer(start)
            for axis in 0...dimension {
                let step = PermutohedralVertex.step(alongAxis: axis, dimension: dimension)
                let pairs = neighbours.pointer + axis * vertices * 2
                ThreadPool.shared.runRanges(vertices, grain: 4096) { range in
                    for vertex in range {
                        let other = table.number(of: table.vertices[vertex].moved(by: step))
                        guard other >= 0 else { continue }
                        pairs[vertex &* 2] = other
                        pairs[Int(other) &* 2 &+ 1] = Int32(truncatingIfNeeded: vertex)
                    }
                }
            }
        }
    }
}

private struct SendablePointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Int32>
    init(_ pointer: UnsafeMutablePointer<Int32>) { self.pointer = pointer }
}
