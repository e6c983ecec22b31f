import Masks
import TestSupport
import Testing

@Suite struct AssignmentTests {
    /// The cost equals the least of all permutations, over random sizes with many ties.
    @Test(arguments: 0..<60)
    func costIsTheLeast(seed: UInt64) {
        var random = SeededRandom(seed)
        let rows = Int.random(in: 1...6, using: &random)
        let columns = Int.random(in: 1...6, using: &random)
        let costs = (0..<rows).map { _ in
            (0..<columns).map { _ in Double(Int.random(in: -4...4, using: &random)) }
        }
        let pairs = cheapestAssignment(costs)
        #expect(pairs.count == min(rows, columns))
        #expect(Set(pairs.map(\.row)).count == pairs.count)
        #expect(Set(pairs.map(\.column)).count == pairs.count)
        #expect(pairs.map(\.row) == pairs.map(\.row).sorted())
        // Whole numbers: sums are exact.
        #expect(pairs.reduce(0) { $0 + costs[$1.row][$1.column] } == leastCost(costs))
    }

    /// What SciPy 1.17 answers where many ways cost the same.
    @Test func tiesAreBrokenAsInSciPy() {
        let cases: [([[Double]], [Int], [Int])] = [
            ([[0, 0, 1], [1, 0, 0], [0, 1, 1]], [0, 1, 2], [1, 2, 0]),
            ([[1, 0, 1, 1, 1], [0, 1, 1, 0, 0]], [0, 1], [1, 0]),
            ([[0, 0], [1, 1], [0, 0], [0, 1], [0, 0]], [0, 2], [0, 1]),
            (
                [[0, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 1], [0, 0, 1, 0]], [0, 1, 2, 3],
                [0, 2, 1, 3]
            ),
            (
                [[1, 0, 1], [1, 1, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [0, 1, 0]], [0, 2, 4],
                [1, 0, 2]
            ),
        ]
        for (costs, rows, columns) in cases {
            let pairs = cheapestAssignment(costs)
            #expect(pairs.map(\.row) == rows)
            #expect(pairs.map(\.column) == columns)
        }
    }

    @Test func nothingPairsWithNothing() {
        #expect(cheapestAssignment([]).isEmpty)
        #expect(cheapestAssignment([[], []]).isEmpty)
    }

    private func leastCost(_ costs: [[Double]]) -> Double {
        let isWide = costs.count <= costs[0].count
        let matrix = isWide ? costs : costs[0].indices.map { c in costs.map { $0[c] } }
        func least(_ row: Int, _ free: [Int]) -> Double {
            guard row < matrix.count else { return 0 }
            return free.map { column in
                matrix[row][column] + least(row + 1, free.filter { $0 != column })
            }.min() ?? 0
        }
        return least(0, Array(matrix[0].indices))
    }
}
