import Kernels
import TestSupport
import Testing

/// What a pool of one thread writes down. Other tests may use the shared pool meanwhile: their regions are
/// told apart by their places.
@Suite(.serialized) struct RegionRecordingTests {
    /// Every task of every region is written down, in order; those of calls from inside a task belong to it.
    @Test func everyTaskIsThere() {
        let counts = [1, 2, 7, 300]
        var runs: [Int] = []
        var nested = 0
        let line = UInt(#line + 4)
        let before = ThreadPool.shared
        let regions = ThreadPool.recordingRegions {
            for count in counts {
                ThreadPool.shared.run(count) { task in
                    runs.append(task)
                    ThreadPool.shared.run(3) { _ in nested += 1 }
                }
            }
            ThreadPool.shared.run(0) { _ in runs.append(-1) }
        }.filter { "\($0.site.file)".hasSuffix("RegionRecordingTests.swift") }
        #expect(ThreadPool.shared === before)
        #expect(runs == counts.flatMap { Array(0..<$0) })
        #expect(nested == 3 * runs.count)
        #expect(regions.map(\.tasks.count) == counts)
        #expect(regions.allSatisfy { $0.site.line == line })
        for region in regions {
            #expect(region.tasks.allSatisfy { $0 >= .zero })
            #expect(region.tasks.reduce(.zero, +) == region.end.work - region.begin.work)
        }
        for (earlier, later) in zip(regions, regions.dropFirst()) {
            #expect(earlier.end.instant <= later.begin.instant)
            #expect(earlier.end.work <= later.begin.work)
        }
    }

    @Test func rangesAreTasks() {
        var ranges: [Range<Int>] = []
        let regions = ThreadPool.recordingRegions {
            ThreadPool.shared.runRanges(10, grain: 4) { ranges.append($0) }
        }.filter { "\($0.site.file)".hasSuffix("RegionRecordingTests.swift") }
        #expect(ranges == [0..<4, 4..<8, 8..<10])
        #expect(regions.map(\.tasks.count) == [3])
    }

    @Test func makespanOfFewTasks() {
        #expect(makespan(of: [], workers: 3) == 0)
        #expect(makespan(of: [5], workers: 1) == 5)
        #expect(makespan(of: [5], workers: 64) == 5)
        #expect(makespan(of: [1, 1, 1, 1], workers: 2) == 2)
        #expect(makespan(of: [1, 1, 1], workers: 2) == 2)
        // In order: the long task comes last and finds the others done.
        #expect(makespan(of: [2, 2, 2, 2, 8], workers: 2) == 12)
        #expect(makespan(of: [8, 2, 2, 2, 2], workers: 2) == 8)
    }

    /// Against a clock that goes on tick by tick: at each tick, free workers take the next tasks.
    @Test(arguments: 0..<60)
    func makespanIsThatOfTheClock(seed: Int) {
        var random = SeededRandom(UInt64(seed) + 70)
        let workers = Int.random(in: 1...9, using: &random)
        let tasks = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            Int.random(in: 1...12, using: &random)
        }
        var left = [Int](repeating: 0, count: workers)
        var next = 0
        var ticks = 0
        while next < tasks.count || left.contains(where: { $0 > 0 }) {
            for worker in left.indices where left[worker] == 0 && next < tasks.count {
                left[worker] = tasks[next]
                next += 1
            }
            for worker in left.indices where left[worker] > 0 { left[worker] -= 1 }
            ticks += 1
        }
        let found = makespan(of: tasks.map(Double.init), workers: workers)
        #expect(found == Double(ticks))
        // It lies between what no schedule can beat and the work of one thread.
        let (work, longest) = (Double(tasks.reduce(0, +)), Double(tasks.max() ?? 0))
        #expect(found >= max(longest, work / Double(workers)) && found <= work)
        #expect(makespan(of: tasks.map(Double.init), workers: 1) == work)
    }
}
