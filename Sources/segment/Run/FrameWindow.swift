import Media

/// The frames that a model sees at once, and those of them whose prediction is kept.
struct FrameWindow: Sendable {
    /// As many frames as the model wants, in the order in which it sees them.
    let frames: [Frame]

    /// The positions within `frames` whose prediction is written, in the order of the video.
    let kept: [Int]
}
