/// Something that results are written to, one frame after the other.
protocol ResultWriter: Sendable {
    /// Writes the result of the next frame.
    func write(_ result: FrameResult) async throws

    /// Ends the output. What is not complete before this does not exist under its final name.
    func finish() async throws

    /// Gives up: what is not complete is removed.
    func discard() async
}

extension ResultWriter {
    func finish() async throws {}
    func discard() async {}
}
