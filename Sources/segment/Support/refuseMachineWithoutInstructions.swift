import CInstructionSet

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Ends the program with one sentence on a machine that lacks the instructions it was compiled for.
///
/// Works on raw bytes: a `String` could already run a function that the linker took from vector code.
func refuseMachineWithoutInstructions() {
    let missing = martlet_missing_instructions()
    guard let missing, missing.pointee != 0 else { return }
    writeBytes("segment: this machine lacks ")
    write(2, missing, strlen(missing))
    writeBytes(", which this build (")
    let compiled = martlet_instruction_set()
    if let compiled { write(2, compiled, strlen(compiled)) }
    writeBytes(
        ") needs; build it here for a lower level, for example with MARTLET_X86_LEVEL=x86-64.\n")
    _exit(70)
}

private func writeBytes(_ text: StaticString) {
    write(2, text.utf8Start, text.utf8CodeUnitCount)
}
