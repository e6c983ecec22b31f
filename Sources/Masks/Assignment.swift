/// The cheapest way to pair rows with columns, one to one: as many pairs as the shorter side has places.
///
/// The method is that of shortest augmenting paths (Crouse 2016, "On implementing 2D rectangular assignment
/// algorithms"). Of several cheapest ways it finds the one that SciPy's `linear_sum_assignment` finds: columns are
/// looked at from the last to the first, and a free one is preferred to one that is taken.
///
/// - Parameter costs: rows of one length, each cost finite.
/// - Returns: the pairs, by rising row.
public func cheapestAssignment(_ costs: [[Double]]) -> [(row: Int, column: Int)] {
    guard let first = costs.first, !first.isEmpty else { return [] }
    precondition(
        costs.allSatisfy { $0.count == first.count && $0.allSatisfy(\.isFinite) },
        "cheapestAssignment: rows differ in length, or a cost is not finite")
    guard costs.count > first.count else {
        var search = AssignmentSearch(costs)
        return search.columns().enumerated().map { ($0.offset, $0.element) }
    }
    let turned = first.indices.map { column in costs.map { $0[column] } }
    var search = AssignmentSearch(turned)
    return search.columns().enumerated().map { ($0.element, $0.offset) }
        .sorted { $0.0 < $1.0 }
}

/// The state of the search: rows are added one by one, each along the path that raises the cost least.
private struct AssignmentSearch {
    private let costs: [[Double]]
    private let columnCount: Int
    private var rowPrices: [Double]
    private var columnPrices: [Double]
    private var columnOfRow: [Int?]
    private var rowOfColumn: [Int?]

    init(_ costs: [[Double]]) {
        self.costs = costs
        columnCount = costs[0].count
        rowPrices = Array(repeating: 0, count: costs.count)
        columnPrices = Array(repeating: 0, count: columnCount)
        columnOfRow = Array(repeating: nil, count: costs.count)
        rowOfColumn = Array(repeating: nil, count: columnCount)
    }

    /// The column of each row.
    mutating func columns() -> [Int] {
        for row in costs.indices { add(row) }
        return columnOfRow.compactMap(\.self)
    }

    private mutating func add(_ start: Int) {
        var previousRow = [Int](repeating: start, count: columnCount)
        var distances = [Double](repeating: .infinity, count: columnCount)
        var remaining = Array((0..<columnCount).reversed())
        var visitedRows: [Int] = []
        var visitedColumns: [Int] = []
        var reached = 0.0
        var row = start
        while true {
            visitedRows.append(row)
            var nearest = 0
            var lowest = Double.infinity
            for (place, column) in remaining.enumerated() {
                let distance = reached + costs[row][column] - rowPrices[row] - columnPrices[column]
                if distance < distances[column] {
                    previousRow[column] = row
                    distances[column] = distance
                }
                let isFree = rowOfColumn[column] == nil
                if distances[column] < lowest || (distances[column] == lowest && isFree) {
                    lowest = distances[column]
                    nearest = place
                }
            }
            reached = lowest
            let column = remaining[nearest]
            visitedColumns.append(column)
            remaining.swapAt(nearest, remaining.count - 1)
            remaining.removeLast()
            guard let taken = rowOfColumn[column] else { break }
            row = taken
        }
        rowPrices[start] += reached
        for other in visitedRows.dropFirst() {
            guard let column = columnOfRow[other] else { continue }
            rowPrices[other] += reached - distances[column]
        }
        for column in visitedColumns { columnPrices[column] -= reached - distances[column] }
        var end = visitedColumns.last
        while let column = end {
            let owner = previousRow[column]
            rowOfColumn[column] = owner
            end = owner == start ? nil : columnOfRow[owner]
            columnOfRow[owner] = column
        }
    }
}
