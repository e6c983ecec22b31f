/// `to[column][row] = from[row][column]` of a block that stays in the caches.
///
/// - Parameters:
///   - from: `[rows, columns]`, `strideFrom` floats from row to row.
///   - to: `[columns, rows]`, `strideTo` floats from row to row.
func transposeBlock(
    rows: Int, columns: Int, _ from: UnsafePointer<Float>, strideFrom: Int,
    into to: UnsafeMutablePointer<Float>, strideTo: Int
) {
    var row = 0
    while row &+ 8 <= rows {
        var column = 0
        while column &+ 8 <= columns {
            transposeTile(
                from + (row &* strideFrom &+ column), strideFrom,
                to + (column &* strideTo &+ row), strideTo)
            column &+= 8
        }
        transposeRest(
            rows: row..<row &+ 8, columns: column..<columns, from, strideFrom, to, strideTo)
        row &+= 8
    }
    transposeRest(rows: row..<rows, columns: 0..<columns, from, strideFrom, to, strideTo)
}

private func transposeRest(
    rows: Range<Int>, columns: Range<Int>, _ from: UnsafePointer<Float>, _ strideFrom: Int,
    _ to: UnsafeMutablePointer<Float>, _ strideTo: Int
) {
    for column in columns {
        for row in rows { to[column &* strideTo &+ row] = from[row &* strideFrom &+ column] }
    }
}

/// Eight by eight floats in registers.
///
/// Taking the even and the odd elements of two neighbouring rows trades one bit of the rows' number for one of the columns';
/// three such steps trade all three.
@inline(__always)
private func transposeTile(
    _ from: UnsafePointer<Float>, _ strideFrom: Int, _ to: UnsafeMutablePointer<Float>,
    _ strideTo: Int
) {
    let a = paired(load(from), load(from + 1 &* strideFrom))
    let b = paired(load(from + 2 &* strideFrom), load(from + 3 &* strideFrom))
    let c = paired(load(from + 4 &* strideFrom), load(from + 5 &* strideFrom))
    let d = paired(load(from + 6 &* strideFrom), load(from + 7 &* strideFrom))
    let (e, f) = (paired(a.even, b.even), paired(a.odd, b.odd))
    let (g, h) = (paired(c.even, d.even), paired(c.odd, d.odd))
    let (i, j) = (paired(e.even, g.even), paired(e.odd, g.odd))
    let (k, l) = (paired(f.even, h.even), paired(f.odd, h.odd))
    store(i.even, to)
    store(k.even, to + 1 &* strideTo)
    store(j.even, to + 2 &* strideTo)
    store(l.even, to + 3 &* strideTo)
    store(i.odd, to + 4 &* strideTo)
    store(k.odd, to + 5 &* strideTo)
    store(j.odd, to + 6 &* strideTo)
    store(l.odd, to + 7 &* strideTo)
}

/// The even and the odd elements of two rows, one after the other.
@_transparent
private func paired(_ a: Float8, _ b: Float8) -> (even: Float8, odd: Float8) {
    let both = SIMD16(lowHalf: a, highHalf: b)
    return (both.evenHalf, both.oddHalf)
}
