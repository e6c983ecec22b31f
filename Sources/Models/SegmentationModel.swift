import Tensor

/// A network that turns a clip into logits for every pixel of each of its frames.
public protocol SegmentationModel: Sendable {
    /// How many frames the model wants at once.
    var clipLength: Int { get }

    /// How many classes it tells apart; 1 means foreground or not.
    var classes: Int { get }

    /// How a decoded frame becomes the model's input.
    var preprocessing: Preprocessing { get }

    /// The logits of `clip`, `[frames, height, width, classes]`, at the model's own resolution.
    ///
    /// A recorder keeps the intermediate results that it wants.
    func callAsFunction(_ clip: Clip, recorder: Recorder?) -> Tensor<Float>
}
