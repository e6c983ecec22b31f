import Foundation
import Synchronization
import Training

/// What a person reads while a model learns: the means of the last steps, and how long it will take.
final class TrainingText: Sendable {
    private struct State {
        var losses: [Double] = []
        var overlaps: [Double] = []
        var lastLine = ContinuousClock.now
    }

    private let firstStep: Int
    private let quiet: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Seconds between two lines where the terminal cannot rewrite one.
    private static let pause = Duration.seconds(30)

    init(firstStep: Int, quiet: Bool) {
        self.firstStep = firstStep
        self.quiet = quiet
    }

    /// Notes a step.
    func note(_ progress: TrainingRun.Progress) {
        guard !quiet else { return }
        let now = ContinuousClock.now
        if progress.isLeftOut {
            Console.note(
                "step \(progress.step): the loss or its gradient is no finite number; the step is left out"
            )
        }
        if let validation = progress.validation {
            Console.note(
                "step \(progress.step): J \(Self.number(validation)) on the validation data")
        }
        let line: String? = state.withLock { state in
            state.losses = (state.losses + [progress.loss]).suffix(50)
            state.overlaps = (state.overlaps + [progress.overlap]).suffix(50)
            guard
                Console.isTerminal || now - state.lastLine >= Self.pause
                    || progress.step == progress.steps
            else { return nil }
            state.lastLine = now
            let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
            let pace = (now - start) / Double(progress.step - firstStep)
            let left = pace * Double(progress.steps - progress.step)
            return
                "step \(progress.step) of \(progress.steps), loss \(Self.number(mean(state.losses))), "
                + "J \(Self.number(mean(state.overlaps))), \(left.inWords) left"
        }
        guard let line else { return }
        if Console.isTerminal { Console.rewrite(line) } else { Console.note(line) }
    }

    private static func number(_ value: Double) -> String { String(format: "%.3f", value) }

    /// The line of a benchmark.
    static func benchmark(_ seconds: [Double]) -> String {
        let sorted = seconds.sorted()
        let median = sorted[sorted.count / 2]
        return String(
            format: "%d steps: median %.3f s, fastest %.3f s, slowest %.3f s", sorted.count, median,
            sorted[0], sorted[sorted.count - 1])
    }
}
