import Tensor

/// A network that turns frames into feature maps of four resolutions.
public protocol Backbone: Sendable {
    /// How many channels each of the four levels has, fine to coarse.
    var levelChannels: [Int] { get }

    /// The feature maps of `frames`, `[frames, height, width, 3]`: the levels from `firstLevel` to the
    /// fourth, `[frames, height, width, channels]`, fine to coarse.
    ///
    /// What only a finer level needs is neither computed nor kept, unless the recorder wants it.
    func callAsFunction(
        _ frames: Tensor<Float>, firstLevel: Int, recorder: Recorder?
    ) -> [Tensor<Float>]
}

/// A backbone that looks at each frame alone: the levels of a frame have the same bits whichever frames lie
/// beside it, so they may be kept and used again (``FrameFeatures``).
///
/// A backbone over space and time, such as ``VideoSwin``, is none.
public protocol FrameBackbone: Backbone {}

extension Backbone {
    /// All four levels of `frames`, `[frames, height, width, 3]`.
    public func callAsFunction(_ frames: Tensor<Float>, recorder: Recorder?) -> [Tensor<Float>] {
        self(frames, firstLevel: 0, recorder: recorder)
    }
}
