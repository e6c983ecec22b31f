/// Any network that segments video: per pixel (``DenseSegmentationModel``) or per object.
public protocol SegmentationModel: Sendable {
    /// How a decoded frame becomes the model's input.
    var preprocessing: Preprocessing { get }

    /// How many frames ``forward(_:recorder:)`` takes; `nil` where it takes any number.
    var clipLength: Int? { get }

    /// What the model's classes are, in the order of its outputs; empty where that is not known.
    var categories: [Category] { get }

    /// Begins one video.
    ///
    /// - Throws: ``UnsupportedOption`` where an option has no meaning for this model or a value that it
    ///   cannot take.
    func session(
        for video: VideoDescription, options: SessionOptions
    ) throws -> any SegmentationSession

    /// One forward pass on a clip whose results are dropped: what is timed, and recorded for verification
    /// under the names of the official code's stages.
    func forward(_ clip: Clip, recorder: Recorder?)
}

extension SegmentationModel {
    /// Nothing is known of the classes.
    public var categories: [Category] { [] }
}
