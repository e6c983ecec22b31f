import CInstructionSet
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The instruction set that the vector code was compiled for.
package enum InstructionSet {
    /// The name, for `segment --version`: `x86-64-v3 (AVX2, FMA)`, `arm64 (NEON)`.
    package static var name: String {
        String(cString: martlet_instruction_set()) + (hasWideVectors ? ", products in AVX-512" : "")
    }

    /// Whether the machine has the 512-bit vectors of x86-64-v4, in which products are then computed
    /// whatever the rest is compiled for, and `MARTLET_WIDE` is not 0 in the environment: it is read once.
    ///
    /// The results have the same bits as those of x86-64-v3, but for the gradients of weights.
    package static let hasWideVectors = martlet_has_wide_vectors() != 0 && isWideAllowed

    private static var isWideAllowed: Bool {
        guard let value = getenv("MARTLET_WIDE") else { return true }
        return strcmp(value, "0") != 0
    }

    private static let avoidsWideVectors = Atomic<Bool>(false)

    /// Whether products use 512-bit vectors.
    static var usesWideVectors: Bool {
        hasWideVectors && !avoidsWideVectors.load(ordering: .relaxed)
    }

    /// Runs `body` without 512-bit vectors: for the comparison of both ways, and not while other products
    /// run elsewhere.
    package static func withoutWideVectors<Result>(_ body: () throws -> Result) rethrows -> Result {
        avoidsWideVectors.store(true, ordering: .relaxed)
        defer { avoidsWideVectors.store(false, ordering: .relaxed) }
        return try body()
    }
}
