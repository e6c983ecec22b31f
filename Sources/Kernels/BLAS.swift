#if canImport(Accelerate)
import Accelerate
#else
import COpenBLAS
#endif

/// Large matrix products by the system's BLAS: OpenBLAS on Linux, Accelerate on macOS.
///
/// Threads are ours (`ThreadPool`): OpenBLAS is told to use one.
package enum BLAS {
    /// The name of the kernels that the library chose for this machine, for `segment --version`.
    package static var coreName: String {
        #if canImport(Accelerate)
        return "Accelerate"
        #else
        return String(cString: openblas_get_corename())
        #endif
    }

    /// Whether the library chose kernels for vectors as wide as this machine's. On a machine that it does not
    /// know, OpenBLAS falls back to those of processors of long ago, at a fifth of the speed of ours.
    package static let fitsMachine: Bool = {
        #if arch(x86_64) && !canImport(Accelerate)
        let wide: Set = ["skylakex", "cooperlake", "sapphirerapids"]
        let core = coreName.lowercased()
        return wide.contains(core)
            || !InstructionSet.hasWideVectors && ["haswell", "zen"].contains(core)
        #else
        return true
        #endif
    }()

    /// The library's own threads stay off: ours call it from several at once.
    private static let singleThreaded: Void = {
        #if !canImport(Accelerate)
        openblas_set_num_threads(1)
        #endif
    }()

    /// `c = (accumulate ? c : 0) + op(a) * op(b)` on one thread, all matrices row-major.
    ///
    /// - Parameters:
    ///   - a: `[rows, inner]`, or `[inner, rows]` when `transposeA`; `strideA` floats from row to row.
    ///   - b: `[inner, columns]`, or `[columns, inner]` when `transposeB`.
    ///   - c: `[rows, columns]`.
    package static func product(
        rows: Int, columns: Int, inner: Int,
        _ a: UnsafePointer<Float>, strideA: Int, transposeA: Bool = false,
        _ b: UnsafePointer<Float>, strideB: Int, transposeB: Bool = false,
        _ c: UnsafeMutablePointer<Float>, strideC: Int, accumulate: Bool = false
    ) {
        _ = singleThreaded
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, numericCast(rows), numericCast(columns),
            numericCast(inner), 1, a, numericCast(strideA), b, numericCast(strideB),
            accumulate ? 1 : 0, c, numericCast(strideC))
    }
}
