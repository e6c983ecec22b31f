import Kernels
import Media
import Synchronization

/// One pass over frames, each read, looked at and forgotten, on all threads.
enum FramePass {
    /// What `body` makes of each item, in order. Every item is looked at, so that all problems are told at once.
    ///
    /// - Throws: ``EvaluationError`` with the problems of all items.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ body: @Sendable (Item) throws -> Result
    ) throws -> [Result] {
        let outcomes = Mutex<[Outcome<Result>?]>(Array(repeating: nil, count: items.count))
        ThreadPool.shared.run(items.count) { index in
            let outcome: Outcome<Result>
            do {
                outcome = .result(try body(items[index]))
            } catch {
                outcome = .problems(sentences(of: error))
            }
            outcomes.withLock { $0[index] = outcome }
        }
        var results: [Result] = []
        var problems: [String] = []
        for outcome in outcomes.withLock({ $0 }) {
            switch outcome {
            case .result(let result): results.append(result)
            case .problems(let sentences): problems += sentences
            case nil: break
            }
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        return results
    }

    private enum Outcome<Result: Sendable>: Sendable {
        case result(Result)
        case problems([String])
    }

    private static func sentences(of error: any Error) -> [String] {
        switch error {
        case let error as EvaluationError: error.problems
        default: ["\(error)"]
        }
    }
}
