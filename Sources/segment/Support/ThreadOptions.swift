import ArgumentParser
import Tensor

/// The option `--threads`, which every command that computes has.
struct ThreadOptions: ParsableArguments {
    @Option(help: "How many threads compute; as many as the machine has cores when not given.")
    var threads: Int?

    /// Numbers of threads that make sense.
    static let allowed = 1...256

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

/// Numbers of threads, such as `2,8,64`.
struct ThreadCounts: Sendable {
    let counts: [Int]

    init(_ text: String) throws {
        counts = try text.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let count = Int($0), ThreadOptions.allowed.contains(count) else {
                throw ValidationError(
                    "'\($0)' is no number of threads from \(ThreadOptions.allowed.lowerBound) to "
                        + "\(ThreadOptions.allowed.upperBound); give some, for example 2,8,64")
            }
            return count
        }
    }
}
