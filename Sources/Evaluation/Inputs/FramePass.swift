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

    /// What `body` makes of each frame of each sequence, by sequence; it is told the sequence's position.
    ///
    /// - Throws: ``EvaluationError`` with the problems of all frames.
    static func map<Result: Sendable>(
        framesOf sequences: [SequencePair],
        _ body: @Sendable (_ frame: FramePair, _ sequence: Int) throws -> Result
    ) throws -> [[Result]] {
        let frames = sequences.enumerated().flatMap { index, sequence in
            sequence.frames.map { (frame: $0, sequence: index) }
        }
        var rest = try map(frames) { try body($0.frame, $0.sequence) }[...]
        return sequences.map { sequence in
            defer { rest = rest.dropFirst(sequence.frames.count) }
            return Array(rest.prefix(sequence.frames.count))
        }
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
