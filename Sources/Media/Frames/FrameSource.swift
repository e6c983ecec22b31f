/// A sequence of frames of one size: a video, an image, a folder of images.
///
/// Frames are read when they are asked for and not kept: memory does not grow with the length.
public protocol FrameSource: Sendable {
    /// Where the frames come from, for messages: the path as it was given.
    var path: String { get }

    /// The size of every frame.
    var size: ImageSize { get }

    /// How many frames will come, as far as it is known ahead. See `countIsExact`.
    var expectedCount: Int? { get }

    /// Whether `expectedCount` is certain. For a video it is what the file says or its duration implies.
    var countIsExact: Bool { get }

    /// Frames a second, for a video; nil for images.
    var frameRate: FrameRate? { get }

    /// The frames from the first to the last. Each call starts anew.
    var frames: FrameStream { get }

    /// The last `count` frames (fewer where there are fewer) and the number of all frames.
    ///
    /// Cheap for images. A video is decoded once from beginning to end, keeping `count` frames.
    func lastFrames(_ count: Int) async throws -> (frames: [Frame], total: Int)
}

extension FrameSource {
    /// The last `count` frames, by reading all of them.
    public func lastFrames(_ count: Int) async throws -> (frames: [Frame], total: Int) {
        var kept: [Frame] = []
        var total = 0
        for try await frame in frames {
            total += 1
            kept.append(frame)
            if kept.count > count { kept.removeFirst() }
        }
        return (kept, total)
    }
}

/// Frames that arrive one after the other. Iterate with `for try await`.
///
/// An iterator that is released early stops what feeds it.
public struct FrameStream: AsyncSequence, Sendable {
    /// One frame.
    public typealias Element = Frame

    private let start: @Sendable () -> Iterator

    /// A stream whose iterators `start` makes: each a function that gives the next frame, nil at the end.
    public init(
        _ start: @escaping @Sendable () -> (@Sendable () async throws -> Frame?)
    ) {
        self.start = { Iterator(pull: start()) }
    }

    /// An iterator over the frames from the first one.
    public func makeAsyncIterator() -> Iterator { start() }

    /// Gives one frame after the other.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        let pull: @Sendable () async throws -> Frame?

        /// The next frame, or nil after the last one.
        public mutating func next() async throws -> Frame? {
            try Task.checkCancellation()
            return try await pull()
        }
    }
}
