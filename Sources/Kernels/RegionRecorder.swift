import Synchronization

/// Where in the source a pool is asked to run tasks.
package struct CallSite: Sendable {
    /// `Kernels/Softmax.swift`.
    package let file: StaticString
    package let line: UInt
}

/// One call of ``ThreadPool/run(_:file:line:_:)`` on one thread: what each of its tasks took.
package struct ParallelRegion: Sendable {
    package let site: CallSite
    package let begin: Moment
    package let end: Moment
    /// The work of each task, in the order in which the pool hands them out.
    package let tasks: [Duration]
}

/// Writes down what a pool of one thread does. A call from inside a task belongs to that task, as in every
/// pool.
final class RegionRecorder: Sendable {
    private let isInside = Atomic<Bool>(false)
    private let recorded = Mutex<[ParallelRegion]>([])

    /// All regions so far, in their order.
    var regions: [ParallelRegion] { recorded.withLock { $0 } }

    /// Runs the tasks one after the other.
    func run(_ count: Int, at site: CallSite, _ task: (Int) -> Void) {
        guard
            isInside.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
        else {
            for index in 0..<count { task(index) }
            return
        }
        defer { isInside.store(false, ordering: .relaxed) }
        var tasks: [Duration] = []
        tasks.reserveCapacity(count)
        let begin = Moment.now
        var last = begin
        for index in 0..<count {
            task(index)
            let now = Moment.now
            tasks.append(now.work - last.work)
            last = now
        }
        let region = ParallelRegion(site: site, begin: begin, end: last, tasks: tasks)
        recorded.withLock { $0.append(region) }
    }
}
