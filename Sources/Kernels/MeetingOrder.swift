import Synchronization

/// The order in which blocks meet in pairs, perhaps one with itself, where a meeting changes what both have.
///
/// Some blocks side by side make a party. Two parties stay together until all their blocks have met: what these have
/// stays in the caches meanwhile. Whom a block meets after whom is always the same, whatever the number of
/// lanes, so that sums grow in one order.
package struct MeetingOrder: Sendable {
    /// Two blocks, and how many meetings each has had before.
    package struct Meeting: Sendable {
        package let first: Int
        package let second: Int
        package let firstTurn: Int
        package let secondTurn: Int
    }

    /// Blocks of a party.
    static let partySize = 8

    package private(set) var meetings: [Meeting] = []
    private let blocks: Int

    /// - Parameters:
    ///   - lanes: About how many meetings in a row have no block in common, as far as there are so many.
    ///   - mayMeet: Whether two blocks meet at all.
    package init(blocks: Int, lanes: Int, where mayMeet: (Int, Int) -> Bool) {
        self.blocks = blocks
        let parties = (blocks + Self.partySize - 1) / Self.partySize
        let together = max(1, (lanes + Self.partySize - 1) / Self.partySize)
        var turns = [Int](repeating: 0, count: blocks)
        for round in 0..<parties {
            let pairs = Self.pairs(of: parties, round: round)
            for start in stride(from: 0, to: pairs.count, by: together) {
                let side = pairs[start..<min(pairs.count, start + together)]
                for (first, second) in Self.blockPairs(ofParties: side)
                where max(first, second) < blocks && mayMeet(first, second) {
                    meetings.append(
                        Meeting(
                            first: first, second: second, firstTurn: turns[first],
                            secondTurn: turns[second]))
                    turns[first] += 1
                    if first != second { turns[second] += 1 }
                }
            }
        }
    }

    /// All pairs of blocks of pairs of parties that meet side by side, round by round.
    private static func blockPairs(ofParties parties: ArraySlice<(Int, Int)>) -> [(Int, Int)] {
        (0..<partySize).flatMap { round in
            parties.flatMap { one, other in
                // Each round begins one place further on: its first blocks are not the last ones of the round before.
                pairs(of: partySize, round: round, from: round, ordered: one != other).map {
                    (one * partySize + $0, other * partySize + $1)
                }
            }
        }
    }

    /// The pairs of numbers below `count` that add up to `round`, modulo `count`: no number is in two of them.
    ///
    /// - Parameter ordered: whether `(1, 2)` and `(2, 1)` are two pairs.
    private static func pairs(
        of count: Int, round: Int, from start: Int = 0, ordered: Bool = false
    ) -> [(Int, Int)] {
        (start..<start + count).compactMap { number in
            let first = number % count
            let second = (round + count - first) % count
            return ordered || first <= second ? (first, second) : nil
        }
    }

    /// Calls `meet` with the two blocks of each meeting, on the pool's threads; no two calls at a time share a block.
    package func run(on pool: ThreadPool = .shared, _ meet: (Int, Int) -> Void) {
        let turns = Turns(blocks)
        defer { turns.deallocate() }
        pool.run(meetings.count) { task in
            let meeting = meetings[task]
            // Whoever is waited for has been handed out before, to a thread that is at work on it.
            turns.wait(for: meeting.firstTurn, of: meeting.first)
            turns.wait(for: meeting.secondTurn, of: meeting.second)
            meet(meeting.first, meeting.second)
            turns.advance(meeting.first)
            if meeting.first != meeting.second { turns.advance(meeting.second) }
        }
    }
}

/// How many meetings each block has had.
private struct Turns: @unchecked Sendable {
    private let counts: UnsafeMutablePointer<Atomic<Int>>
    private let blocks: Int

    init(_ blocks: Int) {
        self.blocks = blocks
        counts = .allocate(capacity: blocks)
        for block in 0..<blocks { (counts + block).initialize(to: Atomic(0)) }
    }

    func deallocate() {
        counts.deinitialize(count: blocks)
        counts.deallocate()
    }

    func wait(for turn: Int, of block: Int) {
        spin { counts[block].load(ordering: .acquiring) == turn }
    }

    func advance(_ block: Int) { counts[block].add(1, ordering: .releasing) }
}
