import Dispatch

/// A thread of its own for forward passes: they take seconds, and the threads that run asynchronous work,
/// such as decoding and encoding, must not be held up meanwhile.
enum ComputeThread {
    private static let queue = DispatchQueue(label: "segment.compute", qos: .userInitiated)

    /// Runs `work` there and waits for it without blocking.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
