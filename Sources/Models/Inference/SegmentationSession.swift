import Tensor

/// The work of a model on one video: windows of frames in, in order, results out.
///
/// A session is used by one thread at a time.
public protocol SegmentationSession: AnyObject {
    /// Which windows the session wants.
    var layout: WindowLayout { get }

    /// How the video is looked at, for people, such as `in clips of 5 frames`; empty where there is no choice.
    var manner: String { get }

    /// How many bytes the session will take at most, beyond what is resident before it begins.
    var expectedPeakBytes: Int { get }

    /// Takes the next window, and gives the predictions that are final by now, in the order of the video.
    ///
    /// A recorder keeps intermediate results; a session may go on with it until ``finish()`` returns.
    func segment(_ window: VideoWindow, recorder: Recorder?) -> [FramePrediction]

    /// Ends the video. Models of objects give everything here, models of pixels `nil`.
    func finish() -> VideoInstances?
}

extension SegmentationSession {
    /// There is no choice.
    public var manner: String { "" }
}

/// The prediction for one frame of a video.
public struct FramePrediction: Sendable {
    /// The frame's index in the video.
    public let frame: Int

    /// What the model says about it, at the video's size.
    public let prediction: Prediction

    /// The prediction for the frame with that index.
    public init(frame: Int, prediction: Prediction) {
        self.frame = frame
        self.prediction = prediction
    }
}

/// What is known of a video before it is read.
public struct VideoDescription: Sendable, Hashable {
    /// Rows of every frame.
    public var height: Int
    /// Columns of every frame.
    public var width: Int
    /// How many frames there will be, as far as it is known.
    public var frameCount: Int?

    /// A video of that size and expected length.
    public init(height: Int, width: Int, frameCount: Int? = nil) {
        self.height = height
        self.width = width
        self.frameCount = frameCount
    }
}

/// Some frames of a video that a model sees at once.
public struct VideoWindow: Sendable {
    /// The pixels of each frame, `[height, width, 3]`, in the order in which the model sees them.
    public let frames: [Tensor<UInt8>]

    /// The index of each frame in the video.
    public let indices: [Int]

    /// The positions within the window of the frames that this window is asked about: those that no window
    /// before it was.
    public let kept: [Int]

    /// Whether no window follows.
    public let isLast: Bool

    /// A window from its parts.
    public init(frames: [Tensor<UInt8>], indices: [Int], kept: [Int], isLast: Bool) {
        precondition(
            frames.count == indices.count && kept.allSatisfy(indices.indices.contains),
            "VideoWindow: \(frames.count) frames, indices \(indices), kept positions \(kept)")
        self.frames = frames
        self.indices = indices
        self.kept = kept
        self.isLast = isLast
    }
}
