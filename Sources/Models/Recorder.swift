import Synchronization
import Tensor

/// Keeps named intermediate results of a forward pass, for verification and research.
///
/// A model offers each stage under its name; the closure that makes the tensor runs only when that name
/// is wanted. Without a recorder nothing is computed or kept.
public final class Recorder: Sendable {
    private let names: Set<String>?
    private let recorded = Mutex<[String: Tensor<Float>]>([:])

    /// Counts the time of each stage, where given.
    public let clock: StageClock?

    /// A recorder of `names`, or of everything that is offered where `names` is `nil`.
    ///
    /// - Parameter clock: counts the time of each stage. Times are of use only where `names` is empty:
    ///   making the tensors takes time too.
    public init(names: Set<String>? = nil, clock: StageClock? = nil) {
        self.names = names
        self.clock = clock
    }

    /// Whether a tensor of that name would be kept.
    public func wants(_ name: String) -> Bool {
        names?.contains(name) ?? true
    }

    /// Keeps what `tensor` makes, in the layout of the official code, if the name is wanted.
    ///
    /// The name's latest offer wins.
    public func record(_ name: String, _ tensor: () -> Tensor<Float>) {
        guard wants(name) else { return }
        let value = tensor().contiguous()
        recorded.withLock { $0[name] = value }
    }

    /// An empty recorder of the same names and with the same clock.
    func ofPart() -> Recorder { Recorder(names: names, clock: clock) }

    /// What has been kept so far, by name.
    public var tensors: [String: Tensor<Float>] {
        recorded.withLock { $0 }
    }
}

extension Recorder? {
    /// Runs `body` as a stage of the forward pass, whose time is counted where a recorder has a clock.
    func stage<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
        guard let clock = self?.clock else { return try body() }
        return try clock.measure(name, body)
    }
}
