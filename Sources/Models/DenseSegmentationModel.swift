import Tensor

/// A network that turns a clip of fixed length into logits for every pixel of each of its frames.
public protocol DenseSegmentationModel: SegmentationModel {
    /// How many frames the model sees at once.
    var windowLength: Int { get }

    /// Every how many frames of the video a window holds one, where nothing else is asked for.
    var frameStride: Int { get }

    /// How many classes it tells apart; 1 means foreground or not.
    var classes: Int { get }

    /// What a forward pass holds at its peak for each pixel of each frame of its clip, measured and rounded
    /// up, in bytes.
    var bytesPerPixel: Int { get }

    /// What the features of a frame take for each of its pixels while they are kept for the windows to come,
    /// in bytes; `nil` where the model looks at the frames of a clip together from the start, so that nothing
    /// can be used again.
    var featureBytesPerPixel: Int? { get }

    /// The logits of `clip`, as without `features`, which keeps what is made of each frame alone. Models that
    /// can use nothing again need not implement it.
    func callAsFunction(_ clip: Clip, keeping features: FrameFeatures?) -> Tensor<Float>

    /// The logits of `clip`, `[frames, height, width, classes]`, at the model's own resolution.
    ///
    /// A recorder keeps the intermediate results that it wants.
    func callAsFunction(_ clip: Clip, recorder: Recorder?) -> Tensor<Float>
}

extension DenseSegmentationModel {
    /// How many frames the model sees at once.
    public var clipLength: Int? { windowLength }

    /// Windows hold neighbouring frames.
    public var frameStride: Int { 1 }

    /// Nothing can be used again.
    public var featureBytesPerPixel: Int? { nil }

    /// The logits of `clip`; nothing is kept.
    public func callAsFunction(_ clip: Clip, keeping features: FrameFeatures?) -> Tensor<Float> {
        self(clip, recorder: nil)
    }

    /// The model on a clip, without its logits.
    public func forward(_ clip: Clip, recorder: Recorder?) { _ = self(clip, recorder: recorder) }

    /// A session that predicts each frame from a window of the video.
    public func session(
        for video: VideoDescription, options: SessionOptions
    ) throws -> any SegmentationSession {
        try DenseSession(self, video: video, options: options)
    }
}
