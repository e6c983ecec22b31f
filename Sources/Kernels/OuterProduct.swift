import WideKernels

/// Columns of an outer product are computed in multiples of this: two 512-bit vectors.
let outerProductColumns = 32

/// `c = (accumulate ? c : 0) + transpose(a) * b` on the calling thread, both read where they lie.
///
/// - Parameters:
///   - columns: a multiple of ``outerProductColumns``.
///   - inner: few enough that 32 columns of `b` stay in the first cache: 256 or so.
///   - a: `[inner, rows]`, `strideA` floats from row to row.
///   - b: `[inner, columns]`.
///   - c: `[rows, columns]`.
func outerProduct(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, strideA: Int,
    _ b: UnsafePointer<Float>, strideB: Int, into c: UnsafeMutablePointer<Float>, strideC: Int,
    accumulate: Bool
) {
    // The system's BLAS has no 512-bit kernels for every machine that has the vectors.
    guard InstructionSet.usesWideVectors else {
        return BLAS.product(
            rows: rows, columns: columns, inner: inner, a, strideA: strideA, transposeA: true, b,
            strideB: strideB, c, strideC: strideC, accumulate: accumulate)
    }
    for column in stride(from: 0, to: columns, by: outerProductColumns) {
        for row in stride(from: 0, to: rows, by: wideTileRows) {
            wideOuterTile(
                rows: min(wideTileRows, rows - row), inner: inner, a + row, strideA, b + column,
                strideB, c + (row * strideC + column), strideC, accumulates: accumulate)
        }
    }
}
