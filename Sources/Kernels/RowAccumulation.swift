/// What is gathered over rows, column by column.
package enum Reduction: Sendable { case sum, maximum, minimum, sumOfSquares }

/// Rows that are gathered in single precision before their sum goes to double precision.
let accumulationRows = 256

/// Gathers `rows` (at least one) rows into one: `result[c] = reduction of source[row * stride + c]`.
///
/// Four rows at a time, so that the result is read and written only once for them.
///
/// - Parameter center: Subtracted from each column before squaring by `.sumOfSquares`.
func accumulateRows(
    _ reduction: Reduction, rows: Int, columns: Int, _ source: UnsafePointer<Float>, stride: Int,
    center: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>
) {
    switch reduction {
    case .sum:
        result.update(repeating: 0, count: columns)
        accumulate(rows, columns, source, stride, result) { _, x in
            x
        } combine: {
            $0 + $1
        }
    case .maximum:
        result.update(repeating: -.infinity, count: columns)
        accumulate(rows, columns, source, stride, result) { _, x in
            x
        } combine: {
            maximum($0, $1)
        }
    case .minimum:
        result.update(repeating: .infinity, count: columns)
        accumulate(rows, columns, source, stride, result) { _, x in
            x
        } combine: {
            minimum($0, $1)
        }
    case .sumOfSquares:
        result.update(repeating: 0, count: columns)
        guard let center else { return }
        accumulate(rows, columns, source, stride, result) { column, x in
            let middle =
                column &+ 8 <= columns
                ? load(center + column) : loadPartial(center + column, columns &- column)
            return (x - middle) * (x - middle)
        } combine: {
            $0 + $1
        }
    }
}

@inline(__always)
private func accumulate(
    _ rows: Int, _ columns: Int, _ source: UnsafePointer<Float>, _ stride: Int,
    _ result: UnsafeMutablePointer<Float>, _ value: (_ column: Int, Float8) -> Float8,
    combine: (Float8, Float8) -> Float8
) {
    var row = 0
    while row < rows {
        // At the end, rows that were not yet taken are fewer than four: one at a time.
        let together = row &+ 4 <= rows ? 4 : 1
        let line = source + row &* stride
        var c = 0
        while c &+ 8 <= columns {
            var gathered = value(c, load(line + c))
            if together == 4 {
                gathered = combine(gathered, value(c, load(line + (stride &+ c))))
                let second = combine(
                    value(c, load(line + (2 &* stride &+ c))),
                    value(c, load(line + (3 &* stride &+ c))))
                gathered = combine(gathered, second)
            }
            store(combine(load(result + c), gathered), result + c)
            c &+= 8
        }
        if c < columns {
            let left = columns &- c
            for i in 0..<together {
                let last = value(c, loadPartial(line + (i &* stride &+ c), left))
                storePartial(combine(loadPartial(result + c, left), last), result + c, left)
            }
        }
        row &+= together
    }
}
