import Tensor

/// A network that turns frames into feature maps of four resolutions.
public protocol Backbone: Sendable {
    /// How many channels each of the four levels has, fine to coarse.
    var levelChannels: [Int] { get }

    /// The feature maps of `frames`, `[frames, height, width, 3]`: four levels
    /// `[frames, height, width, channels]`, fine to coarse.
    func callAsFunction(_ frames: Tensor<Float>, recorder: Recorder?) -> [Tensor<Float>]
}
