/// The instruction set that the vector code was compiled for.
package enum InstructionSet {
    /// The name, for `segment --version`: `AVX2+FMA`, `SSE2`, `NEON`.
    package static var name: String {
        #if arch(x86_64)
        #if MARTLET_FMA
        return "AVX2+FMA"
        #else
        return "SSE"
        #endif
        #elseif arch(arm64)
        return "NEON"
        #else
        return "generic"
        #endif
    }
}
