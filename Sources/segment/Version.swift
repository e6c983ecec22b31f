import Tensor

/// The program's version and what it was built for.
enum Version {
    /// The version of this release, by semantic versioning.
    static let number = "0.1.0"

    /// What `segment --version` prints.
    static var report: String {
        """
        segment \(number)
        instruction set  \(Engine.instructionSet)
        BLAS core        \(Engine.blasCore)
        threads          \(Engine.threads)
        """
    }
}
