import ArgumentParser
import Tensor

/// The option `--threads`, which every command that computes has.
struct ThreadOptions: ParsableArguments {
    @Option(help: "How many threads compute; as many as the machine has cores when not given.")
    var threads: Int?

    private static let allowed = 1...256

    func validate() throws {
        guard let threads, !Self.allowed.contains(threads) else { return }
        throw ValidationError(
            "--threads is \(threads); it takes a number from \(Self.allowed.lowerBound) to "
                + "\(Self.allowed.upperBound)")
    }

    /// Makes the kernels use that many threads.
    func apply() {
        if let threads { Engine.useThreads(threads) }
    }
}
