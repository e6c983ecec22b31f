/// Which frames of an input to take, by index: `--from` and `--to`.
public struct FrameRange: Sendable, Hashable {
    /// The first index taken.
    public let start: Int

    /// The index after the last one taken; nil for all to the end.
    public let end: Int?

    /// Every frame.
    public static let all = FrameRange(start: 0, end: nil)

    /// The frames from `start` up to but not including `end`.
    ///
    /// Traps where `start` is negative or `end` is not beyond it: check what a person typed before.
    public init(start: Int, end: Int? = nil) {
        precondition(
            start >= 0 && end.map { $0 > start } != false,
            "FrameRange: \(start)..<\(end.map(String.init) ?? "end") holds no frames")
        self.start = start
        self.end = end
    }

    /// The indices that are left of a sequence of `count` frames.
    func indices(of count: Int) -> Range<Int> {
        let start = min(start, count)
        return start..<max(start, min(end ?? count, count))
    }
}
