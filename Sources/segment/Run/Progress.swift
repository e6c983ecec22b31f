import Synchronization

/// How far a run is: frames a second and time left, on one line of a terminal, else in a line now and
/// then.
final class Progress: Sendable {
    private struct State {
        var done = 0
        var lastLine: ContinuousClock.Instant
    }

    private let total: Int?
    private let label: String
    private let quiet: Bool
    private let terminal: Bool
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    /// Seconds between two plain lines.
    private static let pause = Duration.seconds(10)

    /// - Parameters:
    ///   - total: how many frames there will be, where that is known.
    ///   - quiet: whether nothing is printed.
    ///   - label: which of several inputs it is; nothing for a single one.
    init(total: Int?, quiet: Bool, label: String = "", terminal: Bool = Console.isTerminal) {
        self.total = total
        self.label = label.isEmpty ? "" : "\(label): "
        self.quiet = quiet
        self.terminal = terminal
        start = .now
        state = Mutex(State(lastLine: .now))
    }

    /// Notes that `frames` more frames are done.
    func advance(by frames: Int) {
        let now = ContinuousClock.now
        let line: String? = state.withLock { state in
            state.done += frames
            guard !quiet, terminal || now - state.lastLine >= Self.pause else { return nil }
            state.lastLine = now
            return describe(done: state.done, elapsed: now - start)
        }
        guard let line else { return }
        if terminal { Console.rewrite(label + line) } else { Console.note(label + line) }
    }

    /// What is said at the end: how many frames, how long, how fast.
    var summary: String {
        let elapsed = ContinuousClock.now - start
        let done = state.withLock { $0.done }
        return
            "\(label)\(done) frame\(done == 1 ? "" : "s") in \(elapsed.inWords), \(rate(done, elapsed))"
    }

    private func describe(done: Int, elapsed: Duration) -> String {
        guard done > 0 else {
            return "frame 0\(total.map { " of \($0)" } ?? ""), computing the first window"
        }
        guard let total else { return "frame \(done), \(rate(done, elapsed))" }
        let left = elapsed / Double(done) * Double(max(total - done, 0))
        let percent = total > 0 ? done * 100 / total : 100
        return
            "frame \(done) of \(total) (\(percent) %), \(rate(done, elapsed)), \(left.inWords) left"
    }

    private func rate(_ done: Int, _ elapsed: Duration) -> String {
        let perSecond = Double(done) / max(elapsed.inSeconds, 1e-9)
        if perSecond >= 1 || done == 0 { return "\(perSecond.rounded(toPlaces: 1)) frames/s" }
        return "\((1 / perSecond).rounded(toPlaces: 1)) s a frame"
    }
}

extension Duration {
    /// The length in seconds.
    var inSeconds: Double {
        self / .seconds(1)
    }

    /// The length as a person says it: `12 s`, `3 min 20 s`, `2 h 5 min`.
    var inWords: String {
        let seconds = Int(inSeconds.rounded())
        if seconds < 10 { return "\(inSeconds.rounded(toPlaces: 1)) s" }
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}

extension Double {
    /// The value with so many decimal places.
    func rounded(toPlaces places: Int) -> Double {
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        return (self * factor).rounded() / factor
    }

    /// A value that is not negative with exactly so many decimal places.
    func fixed(places: Int) -> String {
        let unit = (0..<places).reduce(1) { power, _ in power * 10 }
        let rounded = Int((self * Double(unit)).rounded())
        return "\(rounded / unit).\("\(rounded % unit + unit)".dropFirst())"
    }
}
