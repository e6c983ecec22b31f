/// What is added to the scores of a head's queries.
struct ScoreBias {
    /// `[rows, keys]`.
    let values: UnsafePointer<Float>
    /// Floats from row to row of `values`.
    let stride: Int
    /// The row of each query, where the queries are some of the rows only.
    var rows: UnsafePointer<Int32>?

    /// The row of a query.
    @inline(__always)
    func row(of query: Int) -> Int { rows.map { Int($0[query]) } ?? query }

    /// The first of the values for a query.
    @inline(__always)
    func line(of query: Int) -> UnsafePointer<Float> { values + row(of: query) &* stride }
}
