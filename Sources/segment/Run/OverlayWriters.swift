import Media

/// Writes each frame with its classes painted over it as a PNG.
struct OverlayFrameWriter: ResultWriter {
    let folder: String

    func write(_ result: FrameResult) throws {
        try ImageFile.write(
            rgb: Overlay().painted(result.labels, over: result.frame.image),
            to: "\(folder)/\(result.frame.name).png")
    }
}

/// Writes all frames, with their classes painted over them, as one video.
struct OverlayVideoWriter: ResultWriter {
    private let video: VideoWriter
    private let registration: Int

    /// Starts the video at `path` with the size, the rate and the shape of pixels of `source`.
    init(path: String, source: any FrameSource) async throws {
        let video = try await VideoWriter(
            path, size: source.size, frameRate: source.frameRate ?? FrameRate(25),
            sampleAspectRatio: (source as? VideoFile)?.information.sampleAspectRatio ?? "1:1")
        self.video = video
        registration = Interruption.whenInterrupted {
            // The encoder must be gone before its file is removed, or it might make it anew.
            Interruption.wait { await video.discard() }
        }
    }

    func write(_ result: FrameResult) async throws {
        try await video.append(Overlay().painted(result.labels, over: result.frame.image))
    }

    func finish() async throws {
        try await video.finish()
        Interruption.forget(registration)
    }

    func discard() async {
        await video.discard()
        Interruption.forget(registration)
    }
}
