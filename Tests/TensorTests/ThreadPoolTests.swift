import Kernels
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
    @Test(arguments: [1, 2, 3, 8]) func runsEachTaskOnce(threads: Int) {
        let pool = ThreadPool(threads: threads)
        for count in [0, 1, 2, 7, 1000] {
            let runs = (0..<count).map { _ in Counter() }
            pool.run(count) { runs[$0].value.add(1, ordering: .relaxed) }
            #expect(runs.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func rangesCoverEverythingOnce() {
        let pool = ThreadPool(threads: 3)
        for (count, grain) in [(0, 5), (1, 5), (10, 5), (11, 5), (3, 0), (100, 1000)] {
            let runs = (0..<count).map { _ in Counter() }
            pool.runRanges(count, grain: grain) { range in
                for i in range { runs[i].value.add(1, ordering: .relaxed) }
            }
            #expect(runs.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func moreTasksThanOneForkHas() {
        let pool = ThreadPool(threads: 2)
        let total = Counter()
        let count = 2 * ThreadPool.mostTasks + 3
        pool.run(count) { total.value.add($0, ordering: .relaxed) }
        #expect(total.value.load(ordering: .relaxed) == count * (count - 1) / 2)
    }

    /// A task may itself ask the pool: its tasks run in place.
    @Test func nestedCalls() {
        let pool = ThreadPool(threads: 4)
        let total = Counter()
        pool.run(20) { _ in
            pool.run(10) { _ in total.value.add(1, ordering: .relaxed) }
        }
        #expect(total.value.load(ordering: .relaxed) == 200)
    }

    @Test func severalCallersAtOnce() async {
        let pool = ThreadPool(threads: 3)
        let total = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        pool.run(16) { _ in total.value.add(1, ordering: .relaxed) }
                    }
                }
            }
        }
        #expect(total.value.load(ordering: .relaxed) == 8 * 50 * 16)
    }

    /// Many short calls, so that workers meet the end of one and the start of the next.
    @Test func manyShortCalls() {
        let pool = ThreadPool(threads: 2)
        let total = Counter()
        for _ in 0..<20_000 { pool.run(3) { total.value.add($0, ordering: .relaxed) } }
        #expect(total.value.load(ordering: .relaxed) == 60_000)
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }
}
