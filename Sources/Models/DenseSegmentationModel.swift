import Tensor

/// A network that turns a clip of fixed length into logits for every pixel of each of its frames.
public protocol DenseSegmentationModel: SegmentationModel {
    /// How many frames the model sees at once.
    var windowLength: Int { get }

    /// How many classes it tells apart; 1 means foreground or not.
    var classes: Int { get }

    /// What a forward pass holds at its peak for each pixel of each frame of its clip, measured and rounded
    /// up, in bytes.
    var bytesPerPixel: Int { get }

    /// The logits of `clip`, `[frames, height, width, classes]`, at the model's own resolution.
    ///
    /// A recorder keeps the intermediate results that it wants.
    func callAsFunction(_ clip: Clip, recorder: Recorder?) -> Tensor<Float>
}

extension DenseSegmentationModel {
    /// How many frames the model sees at once.
    public var clipLength: Int? { windowLength }

    /// The model on a clip, without its logits.
    public func forward(_ clip: Clip, recorder: Recorder?) { _ = self(clip, recorder: recorder) }

    /// A session that predicts each frame from a window of the video.
    public func session(
        for video: VideoDescription, options: SessionOptions
    ) throws -> any SegmentationSession {
        try DenseSession(self, video: video, options: options)
    }
}
