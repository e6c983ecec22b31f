import Tensor

/// The frames that a model sees at once, normalised as its preprocessing says.
public struct Clip: Sendable {
    /// The pixels, `[frames, height, width, 3]`.
    public let frames: Tensor<Float>

    /// Which pixels are padding and hold no picture, `[frames, height, width]`; `nil` where none is.
    public let paddingMask: Tensor<Bool>?

    /// A clip of `frames`, `[frames, height, width, 3]`, with an optional mask of its padded pixels.
    public init(frames: Tensor<Float>, paddingMask: Tensor<Bool>? = nil) {
        precondition(
            frames.rank == 4 && frames.shape[3] == 3,
            "Clip: frames of shape \(frames.shape) are not [frames, height, width, 3]")
        if let paddingMask {
            precondition(
                paddingMask.shape == Array(frames.shape.dropLast()),
                "Clip: a padding mask \(paddingMask.shape) does not fit frames \(frames.shape)")
        }
        self.frames = frames
        self.paddingMask = paddingMask
    }
}
