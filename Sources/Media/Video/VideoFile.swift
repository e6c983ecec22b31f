import Subprocess

/// A video file as frames, decoded by `ffmpeg` in a process of its own.
///
/// Frames come as they are decoded, none repeated or dropped: with a variable frame rate too. They are turned
/// as the file says, converted to 8-bit RGB without alpha, and not stretched where pixels are not square.
/// A few frames are decoded ahead; memory does not grow with the length of the video.
public struct VideoFile: FrameSource {
    /// The file.
    public let path: String

    /// What the file says about itself.
    public let information: VideoInformation

    private let range: FrameRange
    private let timingOption: String

    /// The size of the frames as they are shown.
    public var size: ImageSize { information.size }

    /// The number of frames in the range, by the file's own account.
    public var expectedCount: Int? {
        information.estimatedFrameCount.map { range.indices(of: $0).count }
    }

    /// A video's frames are known only when they are decoded.
    public var countIsExact: Bool { false }

    /// The average frame rate.
    public var frameRate: FrameRate? { information.frameRate }

    /// Looks at the file and makes sure that `ffmpeg` is there. Frames are decoded later.
    public init(_ path: String, range: FrameRange = .all) async throws {
        // What the system can say is said before ffprobe says it worse.
        guard try !FileBytes.read(path, prefix: 1).isEmpty else {
            throw MediaError(.badData, path, "the file is empty")
        }
        self.path = path
        self.range = range
        information = try await VideoInformation(probing: path)
        timingOption = try await FFmpeg.timingOption(path: path)
    }

    /// The frames from the first to the last of the range.
    public var frames: FrameStream {
        FrameStream {
            let decoding = Decoding(self)
            return { try await decoding.next() }
        }
    }

    private var arguments: [String] {
        var filters = ["scale=\(size.width):\(size.height)"]
        if range != .all {
            let end = range.end.map { ":end_frame=\($0)" } ?? ""
            filters.insert("trim=start_frame=\(range.start)\(end)", at: 0)
        }
        return ["-nostdin", "-v", "error"] + FFmpeg.inputOptions + ["-i", FFmpeg.url(path)]
            + ["-map", "0:V:0", "-vf", filters.joined(separator: ","), timingOption, "passthrough"]
            + ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    }

    /// Decodes all frames and gives each to `deliver` until that returns false.
    fileprivate func decode(_ deliver: @escaping @Sendable (Frame) async -> Bool) async throws {
        let assembler = FrameAssembler(size: size, firstIndex: range.start)
        let outcome = try await FFmpeg.run("ffmpeg", arguments, path: path) { piece in
            for frame in assembler.add(piece) where await !deliver(frame) { return false }
            return true
        }
        try check(outcome, count: assembler.count, isCutOff: assembler.hasPartialFrame)
    }

    /// Throws where the video ended otherwise than it should.
    private func check(_ outcome: FFmpeg.Outcome, count: Int, isCutOff: Bool) throws {
        let words = FFmpeg.summary(outcome, of: "ffmpeg", path: path)
        if case .signaled = outcome.status {
            throw MediaError(.programFailed, path, "\(words) after frame \(range.start + count)")
        }
        let isMissingFrames =
            !outcome.messages.isEmpty && count + 1 < expectedCount ?? 0
        guard outcome.status.isSuccess, !isCutOff, !isMissingFrames else {
            let end = range.start + count
            throw MediaError(
                .badData, path,
                "the video is damaged: of about \(expectedCount ?? count) frames \(count) could be decoded, "
                    + "and \(words); to use these, end the range at frame \(end)")
        }
        guard count > 0 else {
            throw MediaError(
                .missingInput, path,
                range.start > 0
                    ? "there is no frame \(range.start) in the video"
                    : "no frame of the video can be decoded")
        }
    }
}

/// One run through a video: a task decodes ahead, the receiver takes frames out.
///
/// Releasing it ends the task and with it ffmpeg.
private final class Decoding: Sendable {
    private let handover: Handover<Frame>
    private let task: Task<Void, Never>

    init(_ video: VideoFile) {
        // Two frames ahead, but only one where frames are large: 8K frames take 100 MB each.
        let isLarge = video.size.width * video.size.height > 4 << 20
        handover = Handover(capacity: isLarge ? 1 : 2)
        task = Task { [handover] in
            do {
                try await video.decode { await handover.send($0) }
                handover.finish(.success(()))
            } catch {
                handover.finish(.failure(error))
            }
        }
    }

    deinit {
        handover.abandon()
        task.cancel()
    }

    func next() async throws -> Frame? {
        let frame = try await handover.receive()
        if frame == nil { try Task.checkCancellation() }
        return frame
    }
}
