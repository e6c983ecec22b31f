import Kernels
import Synchronization
import Testing

@Suite struct MeetingOrderTests {
    struct Case: Sendable {
        var blocks: Int
        /// Blocks of one group do not meet.
        var group: Int?
    }

    static let cases: [Case] = [
        Case(blocks: 0), Case(blocks: 1), Case(blocks: 2), Case(blocks: 7), Case(blocks: 8),
        Case(blocks: 9), Case(blocks: 16), Case(blocks: 61), Case(blocks: 12, group: 2),
        Case(blocks: 54, group: 9), Case(blocks: 10, group: 10),
    ]

    private static func order(_ shape: Case, lanes: Int) -> MeetingOrder {
        MeetingOrder(blocks: shape.blocks, lanes: lanes) { first, second in
            shape.group.map { first / $0 != second / $0 } ?? true
        }
    }

    @Test(arguments: cases, [1, 4, 100]) func everyTwoMeetOnce(shape: Case, lanes: Int) {
        var expected: Set<[Int]> = []
        for first in 0..<shape.blocks {
            for second in first..<shape.blocks
            where shape.group.map({ first / $0 != second / $0 }) ?? true {
                expected.insert([first, second])
            }
        }
        let pairs = Self.order(shape, lanes: lanes).meetings.map { [$0.first, $0.second].sorted() }
        #expect(pairs.count == expected.count)
        #expect(Set(pairs) == expected)
    }

    @Test(arguments: cases) func aBlockMeetsTheSameOneAfterAnotherInAnyLanes(shape: Case) {
        func partners(_ lanes: Int) -> [[Int]] {
            var lists = [[Int]](repeating: [], count: shape.blocks)
            for meeting in Self.order(shape, lanes: lanes).meetings {
                #expect(meeting.firstTurn == lists[meeting.first].count)
                #expect(meeting.secondTurn == lists[meeting.second].count)
                lists[meeting.first].append(meeting.second)
                if meeting.first != meeting.second { lists[meeting.second].append(meeting.first) }
            }
            return lists
        }
        let one = partners(1)
        for lanes in [2, 8, 9, 30, 1000] { #expect(partners(lanes) == one) }
    }

    /// Where there are blocks enough, meetings that follow each other have none in common.
    @Test(arguments: [2, 6, 16]) func neighboursShareNothing(lanes: Int) {
        let meetings = Self.order(Case(blocks: 64), lanes: lanes).meetings
        let shared = zip(meetings, meetings.dropFirst()).filter { one, next in
            !Set([one.first, one.second]).isDisjoint(with: [next.first, next.second])
        }
        // Between blocks of one party some do.
        #expect(shared.count * 20 < meetings.count)
    }

    @Test(arguments: [1, 2, 5]) func noBlockIsInTwoMeetingsAtATime(threads: Int) {
        let order = Self.order(Case(blocks: 37), lanes: 2 * threads)
        let busy = (0..<37).map { _ in Counter() }
        let clashes = Counter()
        let total = Counter()
        order.run(on: ThreadPool(threads: threads)) { first, second in
            let both = Set([first, second])
            for block in both where busy[block].value.add(1, ordering: .relaxed).oldValue != 0 {
                clashes.value.add(1, ordering: .relaxed)
            }
            for _ in 0..<200 { total.value.add(first, ordering: .relaxed) }
            for block in both { busy[block].value.subtract(1, ordering: .relaxed) }
        }
        #expect(clashes.value.load(ordering: .relaxed) == 0)
        let expected = order.meetings.reduce(0) { $0 + 200 * $1.first }
        #expect(total.value.load(ordering: .relaxed) == expected)
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }
}
