import Synchronization

/// The windows of the official protocol: for each frame `i` of `n`, the frames `i - before ... i + after`
/// modulo `n`.
///
/// The first windows need the last frames: these are read first (`FrameSource.lastFrames`, one extra run through
/// a video), then the source streams. At most `2 * (before + after) + 1` frames are held.
public struct WrapAroundWindows: AsyncSequence, Sendable {
    /// The frame in question and the frames around it.
    public struct Window: Sendable {
        /// The frame that the window is for.
        public let frame: Frame

        /// `before` frames, the frame itself, `after` frames, counted around the ends.
        public let frames: [Frame]

        /// The number of frames in the source.
        public let total: Int
    }

    /// One window.
    public typealias Element = Window

    private let source: any FrameSource
    private let before: Int
    private let after: Int

    /// Windows over `source`; the official code has 3 frames before and 2 after.
    public init(_ source: any FrameSource, before: Int = 3, after: Int = 2) {
        precondition(
            before >= 0 && after >= 0, "WrapAroundWindows: \(before) before, \(after) after")
        self.source = source
        self.before = before
        self.after = after
    }

    /// An iterator over the windows from the first frame on.
    public func makeAsyncIterator() -> Iterator {
        Iterator(source: source, before: before, after: after)
    }

    /// Gives one window after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private let source: any FrameSource
        private let before: Int
        private let after: Int
        private var stream: FrameStream.Iterator?
        private var total = 0
        private var position = 0
        /// The last frames of the source, for the windows that begin before it.
        private var tail: [Frame] = []
        /// The first frames of the source, for the windows that end behind it.
        private var head: [Frame] = []
        /// Frames around `position`; the first of them is frame `recentStart`.
        private var recent: [Frame] = []
        private var recentStart = 0

        init(source: any FrameSource, before: Int, after: Int) {
            self.source = source
            self.before = before
            self.after = after
        }

        /// The next window, or nil after the last frame's.
        public mutating func next() async throws -> Window? {
            if stream == nil {
                (tail, total) = try await source.lastFrames(Swift.max(before, 1))
                stream = source.frames.makeAsyncIterator()
            }
            guard position < total else { return nil }
            try await read(upTo: Swift.min(position + after, total - 1))
            let frames = (position - before...position + after).map(frame)
            defer { position += 1 }
            return Window(frame: frames[before], frames: frames, total: total)
        }

        /// Streams until frame `last` is there and forgets frames that no window needs any more.
        private mutating func read(upTo last: Int) async throws {
            while recentStart + recent.count <= last {
                guard let frame = try await stream?.next() else {
                    throw MediaError(
                        .badData, source.path,
                        "\(recentStart + recent.count) frames were read after \(total) were counted: the "
                            + "file changed meanwhile")
                }
                if head.count < after { head.append(frame) }
                recent.append(frame)
            }
            while recentStart < position - before {
                recent.removeFirst()
                recentStart += 1
            }
        }

        /// The frame at `index`, which may lie before the first or behind the last.
        private func frame(_ index: Int) -> Frame {
            let wrapped = (index % total + total) % total
            if wrapped >= recentStart, wrapped < recentStart + recent.count {
                return recent[wrapped - recentStart]
            }
            if wrapped < head.count { return head[wrapped] }
            return tail[wrapped - (total - tail.count)]
        }
    }
}
