import Synchronization

/// Measures how long each part of a forward pass takes.
///
/// Parts nest: while an inner part runs, the outer one's time stands still, so the times add up to the
/// whole.
public final class StageClock: Sendable {
    /// A time in which one part ran and no part within it.
    public struct Interval: Sendable {
        /// The part's name.
        public let stage: String
        /// When it began or went on.
        public let begin: ContinuousClock.Instant
        /// When it ended or another one began.
        public let end: ContinuousClock.Instant
    }

    private struct State {
        var running: String?
        var since = ContinuousClock.now
        var intervals: [Interval] = []
    }

    private let state = Mutex(State())

    /// A clock at which nothing has been measured.
    public init() {}

    /// Runs `body` and counts its time for `stage`.
    public func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
        let outer = begin(stage)
        defer { resume(outer) }
        return try body()
    }

    /// Books the time that has passed, and starts `stage`; the result is for `resume(_:)`.
    func begin(_ stage: String) -> Outer { Outer(stage: change(to: stage)) }

    /// Ends the stage that runs and goes on with the one around it.
    func resume(_ outer: Outer?) { _ = change(to: outer?.stage) }

    /// The stage around another, none where it is the outermost.
    struct Outer {
        fileprivate let stage: String?
    }

    /// When which part ran, in order of time.
    public var intervals: [Interval] { state.withLock { $0.intervals } }

    /// The parts in the order in which they were first finished or left, and the time of each.
    public var durations: [(stage: String, duration: Duration)] {
        var order: [String] = []
        var durations: [String: Duration] = [:]
        for interval in intervals {
            if durations[interval.stage] == nil { order.append(interval.stage) }
            durations[interval.stage, default: .zero] += interval.end - interval.begin
        }
        return order.map { ($0, durations[$0] ?? .zero) }
    }

    /// Books the time that has passed for the running stage, and starts another. Returns the former.
    private func change(to stage: String?) -> String? {
        state.withLock { state in
            let now = ContinuousClock.now
            if let running = state.running {
                state.intervals.append(Interval(stage: running, begin: state.since, end: now))
            }
            let outer = state.running
            state.running = stage
            state.since = now
            return outer
        }
    }
}
