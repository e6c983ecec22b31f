import Kernels

extension RunLengthMask {
    /// How many pixels both masks have. They must be of one size.
    public func intersectionArea(_ other: RunLengthMask) -> Int {
        requireSameSize(other)
        var total = 0
        var (a, b) = (RunCursor(counts), RunCursor(other.counts))
        while !a.isAtEnd, !b.isAtEnd {
            let length = min(a.rest, b.rest)
            if a.isSet && b.isSet { total += Int(length) }
            a.advance(length)
            b.advance(length)
        }
        return total
    }

    /// How many pixels either mask has. They must be of one size.
    public func unionArea(_ other: RunLengthMask) -> Int {
        area + other.area - intersectionArea(other)
    }

    /// The pixels that both masks have.
    public func intersection(_ other: RunLengthMask) -> RunLengthMask {
        merged(other) { $0 && $1 }
    }

    /// The pixels that either mask has.
    public func union(_ other: RunLengthMask) -> RunLengthMask {
        merged(other) { $0 || $1 }
    }

    private func merged(_ other: RunLengthMask, _ rule: (Bool, Bool) -> Bool) -> RunLengthMask {
        requireSameSize(other)
        var runs = RunLengths()
        var (position, isSet) = (0, false)
        var (a, b) = (RunCursor(counts), RunCursor(other.counts))
        while !a.isAtEnd, !b.isAtEnd {
            if rule(a.isSet, b.isSet) != isSet {
                isSet.toggle()
                runs.toggle(at: position)
            }
            let length = min(a.rest, b.rest)
            position += Int(length)
            a.advance(length)
            b.advance(length)
        }
        return RunLengthMask(
            height: height, width: width, uncheckedCounts: runs.finish(at: height * width))
    }

    private func requireSameSize(_ other: RunLengthMask) {
        precondition(
            height == other.height && width == other.width,
            "RunLengthMask: \(height) x \(width) and \(other.height) x \(other.width) differ")
    }
}

/// A place among runs.
private struct RunCursor {
    private let counts: [UInt32]
    private var index = 0
    private(set) var rest: UInt32 = 0

    init(_ counts: [UInt32]) {
        self.counts = counts
        rest = counts.first ?? 0
        skipEmpty()
    }

    var isAtEnd: Bool { index >= counts.count }
    var isSet: Bool { index % 2 == 1 }

    mutating func advance(_ length: UInt32) {
        rest -= length
        skipEmpty()
    }

    private mutating func skipEmpty() {
        while rest == 0, index < counts.count {
            index += 1
            if index < counts.count { rest = counts[index] }
        }
    }
}
