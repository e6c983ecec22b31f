/// Something that results are written to, one frame after the other.
protocol ResultWriter: Sendable {
    /// Whether frames must come with their pixels.
    var needsImages: Bool { get }

    /// Takes the objects of the whole video, before the first frame, from models that find objects.
    func begin(_ video: VideoResult) async throws

    /// Writes the result of the next frame.
    func write(_ result: FrameResult) async throws

    /// Ends the output. What is not complete before this does not exist under its final name.
    func finish() async throws

    /// Gives up: what is not complete is removed.
    func discard() async
}

extension ResultWriter {
    var needsImages: Bool { false }
    func begin(_ video: VideoResult) async throws {}
    func finish() async throws {}
    func discard() async {}
}
