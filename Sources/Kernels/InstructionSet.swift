import CInstructionSet

/// The instruction set that the vector code was compiled for.
package enum InstructionSet {
    /// The name, for `segment --version`: `x86-64-v3 (AVX2, FMA)`, `arm64 (NEON)`.
    package static var name: String { String(cString: martlet_instruction_set()) }
}
