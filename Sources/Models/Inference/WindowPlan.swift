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
        switch layout {
        case .sliding(_, let stride), .sideBySide(_, let stride):
            isPossible = isPossible && stride > 0
        case .aroundEachFrame, .whole: break
        }
        precondition(isPossible, "WindowPlan: \(frameCount) frames cut as \(layout)")
        self.frameCount = frameCount
        self.layout = layout
    }

    /// The index of the first window.
    public var startIndex: Int { 0 }

    /// How many windows there are.
    public var endIndex: Int {
        switch layout {
        case .sideBySide(let length, let stride):
            Runs(frameCount: frameCount, length: length, stride: stride).windows
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
        case .sideBySide(let length, let stride):
            return Runs(frameCount: frameCount, length: length, stride: stride).window(index)
        case .aroundEachFrame(let length): return centred(on: index, length)
        case .sliding(let length, let stride): return sliding(index, length, stride)
        case .whole: return sliding(0, frameCount, 1)
        }
    }

    /// The runs of a video whose frames are dealt out to `stride` windows each, fewer in a video that is shorter than a run.
    private struct Runs {
        private let frameCount: Int
        private let length: Int
        private let stride: Int

        init(frameCount: Int, length: Int, stride: Int) {
            self.frameCount = frameCount
            self.length = length
            self.stride = Swift.max(1, Swift.min(stride, frameCount / length))
        }

        private var span: Int { length * stride }

        /// The frames after the last whole run.
        private var rest: Int { frameCount % span }

        var windows: Int { frameCount / span * stride + Swift.min(stride, rest) }

        func window(_ index: Int) -> Window {
            let run = index / stride
            let isWhole = run < frameCount / span
            // Of the last run, which lies across the end of the one before, only windows with a new frame are there.
            let place = index % stride + (isWhole ? 0 : Swift.max(0, stride - rest))
            let start = Swift.max(0, isWhole ? run * span : frameCount - span) + place
            let places = (0..<length).map { start + $0 * stride }
            let new = run * span..<frameCount
            return Window(
                frames: places.map { $0 % frameCount },
                kept: places.enumerated().filter { new.contains($0.element) }.map {
                    Window.Kept(position: $0.offset, frame: $0.element)
                })
        }
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
