/// How a session wants a video cut into windows.
public enum WindowLayout: Sendable, Hashable {
    /// Windows of `length` frames, each frame kept once. `stride` windows share a run of the video, each with every
    /// `stride`th frame of it; the runs lie side by side, the last one aligned to the video's end. In a video that is
    /// shorter than a run the stride is smaller; one shorter than a window is repeated.
    case sideBySide(length: Int, stride: Int = 1)

    /// One window of `length` frames for each frame, around it, wrapping around the ends of the video; only
    /// the frame itself is kept.
    case aroundEachFrame(length: Int)

    /// Clips of `length` frames that begin `stride` frames after one another. One that would reach or pass
    /// the video's end is moved back to end with it, and is the final one. A video not longer than a clip is
    /// one clip of all its frames.
    case sliding(length: Int, stride: Int)

    /// All frames at once.
    case whole

    /// How many frames a window has at most; `nil` for all of them.
    public var length: Int? {
        switch self {
        case .sideBySide(let length, _), .aroundEachFrame(let length), .sliding(let length, _):
            length
        case .whole: nil
        }
    }

    /// How many frames of the video lie from a window's first to its last one, both included; `nil` for all of them.
    public var span: Int? {
        if case .sideBySide(let length, let stride) = self { return length * stride }
        return length
    }
}

/// How models of pixels cut a video.
public enum WindowProtocol: String, Sendable, CaseIterable, Codable {
    /// Windows side by side: each frame is predicted once.
    case once

    /// One window around each frame: the protocol of MED-VT's evaluation on video objects.
    case official
}
