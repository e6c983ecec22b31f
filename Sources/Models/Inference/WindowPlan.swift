/// The frames that a model sees at once, and those whose prediction is kept.
public struct Window: Sendable, Equatable {
    /// A prediction that is kept.
    public struct Kept: Sendable, Equatable {
        /// Which of the window's frames it is of.
        public let position: Int
        /// That frame's index in the video.
        public let frame: Int

        /// Keeps the prediction at `position` for `frame`.
        public init(position: Int, frame: Int) {
            self.position = position
            self.frame = frame
        }
    }

    /// The indices, in the video, of the frames in the window, in the window's order.
    public let frames: [Int]

    /// The predictions that are kept, by rising frame.
    public let kept: [Kept]
}

/// How a video is cut into windows.
public enum WindowProtocol: String, Sendable, CaseIterable, Codable {
    /// Windows side by side; the last one is aligned to the video's end. Each frame is predicted once.
    case once

    /// One window a frame, around it, wrapping around the ends of the video; only the frame itself is
    /// kept. The protocol of MED-VT's evaluation on video objects.
    case official
}

/// The windows of a video of known length, computed one at a time.
///
/// A video shorter than a window is repeated.
public struct WindowPlan: RandomAccessCollection, Sendable {
    /// How many frames the video has.
    public let frameCount: Int
    /// How many frames a window has.
    public let clipLength: Int
    /// How the video is cut.
    public let windowProtocol: WindowProtocol

    /// The windows of a video of `frameCount` frames for a model that wants `clipLength` at once.
    public init(frameCount: Int, clipLength: Int, windowProtocol: WindowProtocol) {
        precondition(
            frameCount >= 0 && clipLength > 0,
            "WindowPlan: \(frameCount) frames in windows of \(clipLength)")
        self.frameCount = frameCount
        self.clipLength = clipLength
        self.windowProtocol = windowProtocol
    }

    /// The index of the first window.
    public var startIndex: Int { 0 }

    /// How many windows there are.
    public var endIndex: Int {
        switch windowProtocol {
        case .once: (frameCount + clipLength - 1) / clipLength
        case .official: frameCount
        }
    }

    /// The window with the given index.
    public subscript(index: Int) -> Window {
        precondition(indices.contains(index), "WindowPlan: window \(index) of \(count)")
        switch windowProtocol {
        case .once: return consecutive(index)
        case .official: return centred(on: index)
        }
    }

    private func consecutive(_ index: Int) -> Window {
        let first = index * clipLength
        let start = Swift.max(0, Swift.min(first, frameCount - clipLength))
        let end = Swift.min(first + clipLength, frameCount)
        return Window(
            frames: (start..<start + clipLength).map { $0 % frameCount },
            kept: (first..<end).map { Window.Kept(position: $0 - start, frame: $0) })
    }

    /// Half a window before the frame, the rest from it on. Where the frame occurs more than once, its
    /// first occurrence is kept.
    private func centred(on frame: Int) -> Window {
        let start = frame - clipLength / 2
        let frames = (start..<start + clipLength).map { index in
            let remainder = index % frameCount
            return remainder < 0 ? remainder + frameCount : remainder
        }
        let position = frames.firstIndex(of: frame) ?? clipLength / 2
        return Window(frames: frames, kept: [Window.Kept(position: position, frame: frame)])
    }
}
