import Synchronization
import Tensor

extension WeightScope {
    /// What has been asked for so far, shared by all scopes of a checkpoint.
    final class Ledger: Sendable {
        struct State {
            var taken: Set<String> = []
            var ignored: Set<String> = []
            var missing: [String] = []
            var wrongShapes: [LoadReport.WrongShape] = []
            var zeroBytes = 0
        }

        /// A configuration of a few bytes can ask for tensors of any size that no file has.
        private static let mostZeroBytes = 2 << 30

        let source: any WeightSource
        private let state = Mutex(State())

        private let failsAtOnce: Bool

        init(source: any WeightSource, failsAtOnce: Bool) {
            self.source = source
            self.failsAtOnce = failsAtOnce
        }

        /// Whether the source has a tensor of this name and shape; noted where it has not.
        func take(_ name: String, shape: [Int]) -> Bool {
            let entry = source.entry(named: name)
            return state.withLock { state in
                // A tensor may be asked for more than once, but is reported once.
                guard let entry else {
                    if !state.missing.contains(name) { state.missing.append(name) }
                    return false
                }
                let isFirst = state.taken.insert(name).inserted
                guard entry.shape == shape else {
                    if isFirst {
                        state.wrongShapes.append(
                            LoadReport.WrongShape(name: name, found: entry.shape, expected: shape))
                    }
                    return false
                }
                return true
            }
        }

        /// Zeros in the place of a tensor that could not be taken.
        func zeros<Element: TensorElement>(_ shape: [Int]) throws -> Tensor<Element> {
            let count = elementCount(shape) ?? .max
            let isTooMuch = state.withLock { state in
                if failsAtOnce { return true }
                let room = Self.mostZeroBytes - state.zeroBytes
                guard count <= room / MemoryLayout<Element>.stride else { return true }
                state.zeroBytes += count * MemoryLayout<Element>.stride
                return false
            }
            if isTooMuch { throw CheckpointError.mismatch(report(isWhole: false)) }
            return Tensor(zeros: shape)
        }

        func ignore(_ isIgnored: (String) -> Bool) {
            let names = source.entries.map(\.name).filter(isIgnored)
            state.withLock { $0.ignored.formUnion(names) }
        }

        /// - Parameter isWhole: whether all tensors have been asked for, so that the others are unexpected.
        func report(isWhole: Bool = true) -> LoadReport {
            let state = state.withLock { $0 }
            let left = source.entries.map(\.name).filter { !state.taken.contains($0) }
            return LoadReport(
                origin: source.origin, loaded: state.taken.count - state.wrongShapes.count,
                missing: state.missing,
                unexpected: isWhole ? left.filter { !state.ignored.contains($0) } : [],
                wrongShapes: state.wrongShapes, ignored: left.filter(state.ignored.contains))
        }
    }
}
