import Media
import Models

/// Reads a sequence of frames window by window, as a `WindowPlan` says, keeping only the frames that
/// windows to come need.
///
/// The plan needs the video's length. Windows side by side do not depend on it until the end is reached;
/// those around each frame begin with the last frames, so there the length is known from the start.
actor WindowReader {
    private let source: any FrameSource
    private let windowProtocol: WindowProtocol
    private let length: Int

    private var iterator: FrameStream.Iterator
    private var readCount = 0

    /// How many frames there are, once that is certain.
    private var total: Int?

    /// The latest frames, by their place in the sequence.
    private var recent: [Int: Frame] = [:]

    /// The first and last frames, which windows that wrap around need again and again.
    private var ends: [Int: Frame] = [:]

    private var nextWindow = 0

    /// - Parameter length: how many frames the model wants at once.
    init(_ source: any FrameSource, windowProtocol: WindowProtocol, length: Int) {
        self.source = source
        self.windowProtocol = windowProtocol
        self.length = length
        iterator = source.frames.makeAsyncIterator()
    }

    /// The next window; `nil` after the last one.
    func next() async throws -> FrameWindow? {
        switch windowProtocol {
        case .once: try await read(upTo: (nextWindow + 1) * length)
        case .official: if total == nil { try await readEnds() }
        }
        let plan = WindowPlan(
            frameCount: total ?? readCount, clipLength: length, windowProtocol: windowProtocol)
        guard nextWindow < plan.count else { return nil }
        let window = plan[nextWindow]
        nextWindow += 1
        var frames: [Frame] = []
        for index in window.frames { frames.append(try await frame(index)) }
        recent = recent.filter { $0.key >= readCount - length }
        return FrameWindow(frames: frames, kept: window.kept.map(\.position))
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

    private func readEnds() async throws {
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
            if windowProtocol == .official, readCount < length { ends[readCount] = frame }
            readCount += 1
        }
        self.iterator = iterator
    }
}
