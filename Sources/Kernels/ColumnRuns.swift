/// The runs down the columns of a mask that is offered row by row.
///
/// A column's run changes where a pixel differs from the one above it. Rows are compared eight pixels at a
/// time; only what changed is kept, so that the cost beyond one pass over the rows is that of the outline.
package struct ColumnRuns: ~Copyable {
    private let height: Int
    private let width: Int
    private var above: UnsafeMutablePointer<UInt8>
    private var changes: [Change] = []
    private var row: UInt32 = 0

    private struct Change {
        let column: UInt32
        let row: UInt32
    }

    /// Runs of a mask of the given size, none of whose rows is known yet.
    package init(height: Int, width: Int) {
        self.height = height
        self.width = width
        above = .allocate(capacity: max(1, width))
        above.initialize(repeating: 0, count: max(1, width))
    }

    deinit { above.deallocate() }

    /// Takes the next row: `width` bytes that are 0 or 1.
    package mutating func add(_ pixels: UnsafePointer<UInt8>) {
        var column = 0
        while column &+ 8 <= width {
            let difference =
                UnsafeRawPointer(pixels + column).loadUnaligned(as: UInt64.self)
                ^ UnsafeRawPointer(above + column).loadUnaligned(as: UInt64.self)
            var rest = UInt64(littleEndian: difference)
            while rest != 0 {
                let lane = rest.trailingZeroBitCount / 8
                changes.append(Change(column: UInt32(truncatingIfNeeded: column &+ lane), row: row))
                rest &= rest &- 1
            }
            column &+= 8
        }
        while column < width {
            if pixels[column] != above[column] {
                changes.append(Change(column: UInt32(truncatingIfNeeded: column), row: row))
            }
            column &+= 1
        }
        above.update(from: pixels, count: width)
        row &+= 1
    }

    /// The lengths of the runs, zeros first, column after column, once all rows are there.
    package consuming func counts() -> [UInt32] {
        let rows = rowsByColumn()
        var runs = RunLengths()
        var next = 0
        for column in 0..<width {
            let start = column &* height
            while next < rows.ends[column] {
                runs.toggle(at: start &+ Int(rows.values[next]))
                next &+= 1
            }
            // What is set at a column's foot ends there; it goes on where the next column begins so.
            if above[column] != 0 { runs.toggle(at: start &+ height) }
        }
        return runs.finish(at: height &* width)
    }

    /// The changes sorted by column, those of a column by row: each column's rows end at `ends`.
    private func rowsByColumn() -> (values: [UInt32], ends: [Int]) {
        var places = [Int](repeating: 0, count: width)
        for change in changes { places[Int(change.column)] &+= 1 }
        var total = 0
        for column in 0..<width {
            total &+= places[column]
            places[column] = total &- places[column]
        }
        let values = [UInt32](unsafeUninitializedCapacity: changes.count) { values, count in
            for change in changes {
                values[places[Int(change.column)]] = change.row
                places[Int(change.column)] &+= 1
            }
            count = changes.count
        }
        return (values, places)
    }
}

/// Run lengths of positions, in rising order, at which zeros and ones change places.
package struct RunLengths {
    private var counts: [UInt32] = []
    private var start = 0

    package init() {}

    /// Zeros become ones here or ones zeros; twice at one position changes nothing.
    package mutating func toggle(at position: Int) {
        if position == start, let last = counts.popLast() {
            // The run before goes on.
            start = position &- Int(last)
        } else {
            counts.append(UInt32(truncatingIfNeeded: position &- start))
            start = position
        }
    }

    /// The lengths of the runs of a mask of `count` pixels.
    package consuming func finish(at count: Int) -> [UInt32] {
        if count > start || counts.isEmpty {
            counts.append(UInt32(truncatingIfNeeded: count &- start))
        }
        return counts
    }
}
