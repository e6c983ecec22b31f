import Kernels
import Models

/// A forward pass on one thread as a list of steps, one after the other: regions whose tasks may run at the
/// same time, and the serial sections between them. Times are those that the thread worked.
struct PassTrace: Sendable {
    /// A region or a serial section.
    struct Step: Sendable {
        /// The part of the model.
        let part: String
        /// Where it is in the source: the file and line of the region, or of those around the section.
        let place: String
        /// The seconds of each task. A serial section is one task.
        var tasks: [Double]

        /// Whether no two threads can share it.
        var isSerial: Bool { tasks.count == 1 }

        var seconds: Double { tasks.reduce(0, +) }
    }

    private(set) var steps: [Step]

    /// Runs `body` on one thread and writes down what it does.
    init(_ body: (StageClock) -> Void) {
        let clock = StageClock()
        var now = Moment.now
        let regions = ThreadPool.recordingRegions { body(clock) }
        let end = Moment.now
        steps = []
        var intervals = clock.intervals[...]
        var last = "the beginning"
        for region in regions {
            let next = Self.name(region.site)
            addSerial(from: now, to: region.begin, "\(last) to \(next)", &intervals)
            steps.append(
                Step(
                    part: Self.part(intervals, at: region.begin.instant), place: next,
                    tasks: region.tasks.map(\.inSeconds)))
            now = region.end
            last = next
        }
        addSerial(from: now, to: end, "\(last) to the end", &intervals)
    }

    /// The shortest time of each task in several traces of the same pass: other programs on the machine
    /// disturb the caches. Traces of other steps than the first one's do not count.
    init(shortestOf traces: [PassTrace]) {
        steps = traces.first?.steps ?? []
        for other in traces where other.steps.map(\.tasks.count) == steps.map(\.tasks.count) {
            for (index, step) in other.steps.enumerated() {
                steps[index].tasks = zip(steps[index].tasks, step.tasks).map(min)
            }
        }
    }

    /// Adds what lies between two regions, one step for each part of the model that it touches, whose share
    /// of the work is that of the time. Intervals that end there are done with.
    private mutating func addSerial(
        from begin: Moment, to end: Moment, _ place: String,
        _ intervals: inout ArraySlice<StageClock.Interval>
    ) {
        let time = (end.instant - begin.instant).inSeconds
        let rate = time > 0 ? (end.work - begin.work).inSeconds / time : 0
        var now = begin.instant
        func add(_ part: String, until instant: ContinuousClock.Instant) {
            let until = min(max(instant, now), end.instant)
            let seconds = (until - now).inSeconds * rate
            steps.append(Step(part: part, place: place, tasks: [seconds]))
            now = until
        }
        while let interval = intervals.first, interval.begin <= end.instant {
            if interval.begin > now { add(Self.outside, until: interval.begin) }
            add(interval.stage, until: interval.end)
            guard interval.end <= end.instant else { return }
            intervals.removeFirst()
        }
        if now < end.instant { add(Self.outside, until: end.instant) }
    }

    /// What lies outside the parts that the model names.
    private static let outside = "other"

    private static func part(
        _ intervals: ArraySlice<StageClock.Interval>, at instant: ContinuousClock.Instant
    ) -> String {
        intervals.first.flatMap { $0.begin <= instant ? $0.stage : nil } ?? outside
    }

    /// `Softmax.swift:7`.
    private static func name(_ site: CallSite) -> String {
        "\("\(site.file)".split(separator: "/").last ?? ""):\(site.line)"
    }
}
