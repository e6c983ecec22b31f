import Tensor

/// A place in a checkpoint's tree of names, from which a layer asks for its tensors.
///
/// `weights["encoder"]["layers", 3]` descends; `tensor("norm.weight", shape: [384])` takes. What does
/// not fit is noted, and `finish()` throws one error that names it all.
public struct WeightScope: Sendable {
    /// The dotted path of this scope: empty, or ending in a dot.
    public let prefix: String

    let ledger: Ledger

    /// Longest first.
    private let renames: [(from: String, to: String)]

    /// The root of a checkpoint.
    ///
    /// - Parameters:
    ///   - source: the tensors.
    ///   - renames: where the checkpoint's names differ from the model's: a name that begins with a key
    ///     is looked up with the value instead. The longest matching key counts.
    ///   - failsAtOnce: whether the first tensor that does not fit is thrown as an error, for a module that
    ///     runs without `finish()`: zeros in its place might not fit what it computes with.
    public init(
        _ source: any WeightSource, renames: [String: String] = [:], failsAtOnce: Bool = false
    ) {
        self.init(
            prefix: "", ledger: Ledger(source: source, failsAtOnce: failsAtOnce),
            renames: Self.sorted(renames))
    }

    private init(prefix: String, ledger: Ledger, renames: [(from: String, to: String)]) {
        self.prefix = prefix
        self.ledger = ledger
        self.renames = renames
    }

    private static func sorted(_ renames: [String: String]) -> [(from: String, to: String)] {
        renames.map { ($0, $1) }.sorted { $0.from.count > $1.from.count }
    }

    /// The same place, in which names are looked up by `renames` alone: a name, from the root, that begins
    /// with a key is looked up with the value instead. The longest matching key counts.
    public func renaming(_ renames: [String: String]) -> WeightScope {
        WeightScope(prefix: prefix, ledger: ledger, renames: Self.sorted(renames))
    }

    /// What the checkpoint calls the tensor, or the beginning of names, that is `name` in the model.
    private func sourceName(_ name: String) -> String {
        guard let rename = renames.first(where: { name.hasPrefix($0.from) }) else { return name }
        return rename.to + name.dropFirst(rename.from.count)
    }

    private func below(_ name: String) -> WeightScope {
        WeightScope(prefix: "\(prefix)\(name).", ledger: ledger, renames: renames)
    }

    /// The scope below `name`.
    public subscript(name: String) -> WeightScope { below(name) }

    /// The scope of one element of the list `name`.
    public subscript(name: String, index: Int) -> WeightScope {
        below("\(name).\(index)")
    }

    /// Where the tensors come from.
    public var origin: String { ledger.source.origin }

    /// Whether the checkpoint has this tensor.
    public func contains(_ name: String) -> Bool { shape(of: name) != nil }

    /// The shape of a tensor in the checkpoint, or nil.
    public func shape(of name: String) -> [Int]? {
        ledger.source.entry(named: sourceName(prefix + name))?.shape
    }

    /// A tensor that must have this shape.
    ///
    /// One that is missing or has another shape is noted for `finish()`, and zeros are returned; where these
    /// add up to more than 2 GB, what `finish()` would throw is thrown at once.
    public func tensor(_ name: String, shape: [Int]) throws -> Tensor<Float> {
        let stored = sourceName(prefix + name)
        guard ledger.take(stored, shape: shape) else { return try ledger.zeros(shape) }
        return try ledger.source.floats(stored).reshaped(shape)
    }

    /// A tensor of whole numbers that must have this shape; see `tensor(_:shape:)`.
    public func integers(_ name: String, shape: [Int]) throws -> Tensor<Int64> {
        let stored = sourceName(prefix + name)
        guard ledger.take(stored, shape: shape) else { return try ledger.zeros(shape) }
        return try ledger.source.integers(stored).reshaped(shape)
    }

    /// Says that this tensor may be there and is not needed.
    public func ignore(_ name: String) {
        let stored = sourceName(prefix + name)
        ledger.ignore { $0 == stored }
    }

    /// Says that nothing below this scope, or below `name` in it, is needed.
    public func ignoreAll(below name: String = "") {
        let start = sourceName(name.isEmpty ? prefix : "\(prefix)\(name).")
        ledger.ignore { $0.hasPrefix(start) }
    }

    /// Says that tensors anywhere below this scope whose last name component is `component` (such as
    /// `num_batches_tracked`) are not needed.
    public func ignoreAll(named component: String) {
        let start = sourceName(prefix)
        ledger.ignore {
            $0.hasPrefix(start) && $0.split(separator: ".").last.map(String.init) == component
        }
    }

    /// Ends the loading of a whole model.
    ///
    /// - Parameter strict: whether to throw `CheckpointError.mismatch` when anything is missing,
    ///   unexpected or of the wrong shape; else the report says so.
    @discardableResult
    public func finish(strict: Bool = true) throws -> LoadReport {
        let report = ledger.report()
        if strict, !report.isComplete { throw CheckpointError.mismatch(report) }
        return report
    }
}
