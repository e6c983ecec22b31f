import CInstructionSet
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The one pool of threads that every kernel shares: fork, run tasks `0 ..< count`, join.
///
/// Tasks are handed out one at a time from an atomic counter, so uneven tasks balance. The caller works
/// too and waits for the tasks, not for the workers: a worker that the system has put aside delays
/// nothing. Workers spin for about a millisecond after a task, since the next one of a forward pass
/// follows at once, then sleep. A call from inside a task, or while another thread holds the pool, runs
/// its tasks in place. A pool is never released: its workers hold it.
///
/// Which thread runs a task never changes a result: tasks write disjoint outputs, and no kernel reduces
/// across tasks in an order that depends on timing.
package final class ThreadPool: @unchecked Sendable {
    /// One word that says which tasks are left: generation (24 bits), count (20), next (20).
    private let word = Atomic<UInt64>(0)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let busy = Atomic<Bool>(false)
    private nonisolated(unsafe) var body: ((Int) -> Void)?
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// How many threads work, the caller included.
    package let threads: Int

    /// Of a pool of one thread whose work is written down.
    private let recorder: RegionRecorder?

    /// Some tasks more than a machine has threads: fewer leave threads idle at the end.
    static let wantedTasks = 64

    /// Into how many parts each of `tasks` tasks is cut for ``wantedTasks`` in all.
    static func parts(ofEach tasks: Int) -> Int {
        (wantedTasks - 1 + max(1, tasks)) / max(1, tasks)
    }

    /// Of one fork; more are run part by part.
    package static let mostTasks = 1 << 19
    private static let spinsBeforeSleep = 20_000

    package convenience init(threads: Int) { self.init(threads: threads, recorder: nil) }

    /// A pool of one thread that writes its work down.
    convenience init(recorder: RegionRecorder) { self.init(threads: 1, recorder: recorder) }

    private init(threads: Int, recorder: RegionRecorder?) {
        self.threads = max(1, threads)
        self.recorder = recorder
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        for _ in 1..<max(1, threads) { startWorker() }
    }

    /// Runs `task(0)`, ..., `task(count - 1)`, each once, and returns when all are done.
    ///
    /// `file` and `line` say where, in a recording.
    package func run(
        _ count: Int, file: StaticString = #fileID, line: UInt = #line, _ task: (Int) -> Void
    ) {
        guard count > 0 else { return }
        guard count <= Self.mostTasks else {
            for start in stride(from: 0, to: count, by: Self.mostTasks) {
                run(min(Self.mostTasks, count - start), file: file, line: line) { task(start + $0) }
            }
            return
        }
        guard threads > 1, count > 1,
            busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            if let recorder {
                recorder.run(count, at: CallSite(file: file, line: line), task)
            } else {
                for index in 0..<count { task(index) }
            }
            Streaming.finish()
            return
        }
        withoutActuallyEscaping(task) { task in
            body = task
            finished.store(0, ordering: .relaxed)
            let generation = (word.load(ordering: .relaxed) >> 40) &+ 1
            word.store(
                (generation << 40) | (UInt64(count) << 20), ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeWorkers() }
            runTasks()
            spin { finished.load(ordering: .acquiring) == count }
            body = nil
        }
        busy.store(false, ordering: .releasing)
    }

    /// Splits `0 ..< count` into runs of at least `grain` and calls `task` with each.
    ///
    /// The runs depend on `count` and `grain` only, never on the number of threads.
    package func runRanges(
        _ count: Int, grain: Int, file: StaticString = #fileID, line: UInt = #line,
        _ task: (Range<Int>) -> Void
    ) {
        let grain = max(1, grain)
        let tasks = (count + grain - 1) / grain
        run(tasks, file: file, line: line) { index in
            task(index * grain..<min(count, (index + 1) * grain))
        }
    }

    private func startWorker() {
        // Retained for good: a worker never ends, and the pool must outlive it.
        let pool = Unmanaged.passRetained(self).toOpaque()
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let status = pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                Unmanaged<ThreadPool>.fromOpaque(argument).takeUnretainedValue().work()
                #else
                if let argument {
                    Unmanaged<ThreadPool>.fromOpaque(argument).takeUnretainedValue().work()
                }
                #endif
                return nil
            }, pool)
        guard status == 0 else { return }
        #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
        #else
        pthread_detach(thread)
        #endif
    }

    private func wakeWorkers() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    private func work() {
        while true {
            var spins = 0
            while !Self.hasTask(word.load(ordering: .acquiring)) {
                spins &+= 1
                if spins < Self.spinsBeforeSleep {
                    martlet_spin_hint()
                } else {
                    sleepUntilTask()
                }
            }
            runTasks()
        }
    }

    private func sleepUntilTask() {
        pthread_mutex_lock(mutex)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while !Self.hasTask(word.load(ordering: .sequentiallyConsistent)) {
            pthread_cond_wait(condition, mutex)
        }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }

    private func runTasks() {
        while Self.hasTask(word.load(ordering: .acquiring)) {
            let claimed = word.add(1, ordering: .acquiringAndReleasing).oldValue
            guard Self.hasTask(claimed) else { return }
            perform(Int(claimed & 0xFFFFF))
            Streaming.finish()
            finished.add(1, ordering: .acquiringAndReleasing)
        }
    }

    /// Calls the body. A function of its own, so that its reference to the closure is gone before the
    /// task counts as finished: `run` may return then, and traps if the closure is still held.
    @inline(never)
    private func perform(_ index: Int) { body?(index) }

    @inline(__always)
    private static func hasTask(_ word: UInt64) -> Bool {
        (word & 0xFFFFF) < ((word >> 20) & 0xFFFFF)
    }
}
