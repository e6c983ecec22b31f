import Media
import Models

/// Frames of a window, with the files that they come from.
struct FrameWindow: Sendable {
    /// The frames, in the order in which the model sees them.
    let frames: [Frame]

    /// What the session is given.
    let window: VideoWindow

    /// The frames that no window before held, in the order of the video.
    var keptNames: [VideoResult.FrameName] {
        window.kept.map { .init(index: frames[$0].index, name: frames[$0].name) }
    }
}

/// Reads a sequence of frames window by window, as a `WindowPlan` says, keeping only the frames that
/// windows to come need.
///
/// The plan needs the video's length. Windows that move on through the video do not depend on it until the
/// end is reached; those around each frame begin with the last frames, so there the length is known from
/// the start.
actor WindowReader {
    private let source: any FrameSource
    private let layout: WindowLayout

    private var iterator: FrameStream.Iterator
    private var readCount = 0

    /// How many frames there are, once that is certain.
    private var total: Int?

    /// The latest frames, by their place in the sequence.
    private var recent: [Int: Frame] = [:]

    /// The first and last frames, which windows that wrap around need again and again.
    private var ends: [Int: Frame] = [:]

    private var nextWindow = 0

    init(_ source: any FrameSource, layout: WindowLayout) {
        self.source = source
        self.layout = layout
        iterator = source.frames.makeAsyncIterator()
    }

    /// The next window; `nil` after the last one.
    func next() async throws -> FrameWindow? {
        // One frame more than the window has tells whether it is the last one.
        switch layout {
        case .sideBySide(let length, let stride):
            try await read(upTo: (nextWindow / stride + 1) * length * stride + 1)
        case .sliding(let length, let stride):
            try await read(upTo: nextWindow * stride + length + 1)
        case .aroundEachFrame(let length): if total == nil { try await readEnds(length) }
        case .whole: try await read(upTo: .max)
        }
        let plan = WindowPlan(frameCount: total ?? readCount, layout: layout)
        guard nextWindow < plan.count else { return nil }
        let window = plan[nextWindow]
        nextWindow += 1
        var frames: [Frame] = []
        for index in window.frames { frames.append(try await frame(index)) }
        let span = layout.span ?? 0
        recent = recent.filter { $0.key >= readCount - span - 1 }
        return FrameWindow(
            frames: frames,
            window: VideoWindow(
                frames: frames.map(\.image), indices: window.frames,
                kept: window.kept.map(\.position),
                isLast: total != nil && nextWindow == plan.count))
    }

    private func frame(_ index: Int) async throws -> Frame {
        if let frame = ends[index] ?? recent[index] { return frame }
        try await read(upTo: index + 1)
        guard let frame = recent[index] else {
            throw Failure(
                .inputOutput,
                "\(source.path): frame \(index) is not there any more; leave the input alone during a run"
            )
        }
        return frame
    }

    private func readEnds(_ length: Int) async throws {
        let last = try await source.lastFrames(length)
        total = last.total
        for (place, frame) in last.frames.enumerated() {
            ends[last.total - last.frames.count + place] = frame
        }
    }

    /// Reads on until `count` frames have been read or there are no more.
    private func read(upTo count: Int) async throws {
        // An actor may be entered again while it waits, so the iterator is not changed in place.
        var iterator = iterator
        while readCount < count {
            guard let frame = try await iterator.next() else {
                total = readCount
                break
            }
            recent[readCount] = frame
            if case .aroundEachFrame(let length) = layout, readCount < length {
                ends[readCount] = frame
            }
            readCount += 1
        }
        self.iterator = iterator
    }
}
