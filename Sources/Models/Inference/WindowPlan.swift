/// The frames that a model sees at once, and those of them that the window is there for.
public struct Window: Sendable, Equatable {
    /// A frame that the window is asked about.
    public struct Kept: Sendable, Equatable {
        /// Which of the window's frames it is.
        public let position: Int
        /// That frame's index in the video.
        public let frame: Int

        /// Keeps what is said at `position` for `frame`.
        public init(position: Int, frame: Int) {
            self.position = position
            self.frame = frame
        }
    }

    /// The indices, in the video, of the frames in the window, in the window's order.
    public let frames: [Int]

    /// The frames that no window before was asked about, by rising index.
    public let kept: [Kept]
}

/// The windows of a video of known length, computed one at a time.
public struct WindowPlan: RandomAccessCollection, Sendable {
    /// How many frames the video has.
    public let frameCount: Int
    /// How the video is cut.
    public let layout: WindowLayout

    /// The windows of a video of `frameCount` frames.
    public init(frameCount: Int, layout: WindowLayout) {
        var isPossible = frameCount >= 0 && layout.length ?? 1 > 0
        if case .sliding(_, let stride) = layout { isPossible = isPossible && stride > 0 }
        precondition(isPossible, "WindowPlan: \(frameCount) frames cut as \(layout)")
        self.frameCount = frameCount
        self.layout = layout
    }

    /// The index of the first window.
    public var startIndex: Int { 0 }

    /// How many windows there are.
    public var endIndex: Int {
        switch layout {
        case .sideBySide(let length): (frameCount + length - 1) / length
        case .aroundEachFrame: frameCount
        case .sliding(let length, let stride):
            Swift.min(frameCount, 1)
                + (Swift.max(0, frameCount - length) + stride - 1) / stride
        case .whole: Swift.min(frameCount, 1)
        }
    }

    /// The window with the given index.
    public subscript(index: Int) -> Window {
        precondition(indices.contains(index), "WindowPlan: window \(index) of \(count)")
        switch layout {
        case .sideBySide(let length): return consecutive(index, length)
        case .aroundEachFrame(let length): return centred(on: index, length)
        case .sliding(let length, let stride): return sliding(index, length, stride)
        case .whole: return sliding(0, frameCount, 1)
        }
    }

    private func consecutive(_ index: Int, _ length: Int) -> Window {
        let first = index * length
        let start = Swift.max(0, Swift.min(first, frameCount - length))
        let end = Swift.min(first + length, frameCount)
        return Window(
            frames: (start..<start + length).map { $0 % frameCount },
            kept: (first..<end).map { Window.Kept(position: $0 - start, frame: $0) })
    }

    /// Half a window before the frame, the rest from it on. Where the frame occurs more than once, its
    /// first occurrence is kept.
    private func centred(on frame: Int, _ length: Int) -> Window {
        let start = frame - length / 2
        let frames = (start..<start + length).map { index in
            let remainder = index % frameCount
            return remainder < 0 ? remainder + frameCount : remainder
        }
        let position = frames.firstIndex(of: frame) ?? length / 2
        return Window(frames: frames, kept: [Window.Kept(position: position, frame: frame)])
    }

    private func sliding(_ index: Int, _ length: Int, _ stride: Int) -> Window {
        let start = Swift.max(0, Swift.min(index * stride, frameCount - length))
        let end = Swift.min(start + length, frameCount)
        // Strides may be longer than clips: frames between two clips are in no window.
        let seen = index == 0 ? 0 : (index - 1) * stride + length
        return Window(
            frames: Array(start..<end),
            kept: (Swift.max(start, seen)..<Swift.max(start, seen, end)).map {
                Window.Kept(position: $0 - start, frame: $0)
            })
    }
}
