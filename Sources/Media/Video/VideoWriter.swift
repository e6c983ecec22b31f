import FileAccess
import Subprocess
import Synchronization
import Tensor

/// Writes frames to an mp4 file (H.264, 4:2:0) through `ffmpeg`.
///
/// The file appears at its path when `finish()` returns, whole; until then it has a temporary name beside it,
/// and it is removed where writing fails or the writer is released unfinished. Frames have one rate: with the
/// average rate of a source whose rate varies, the video lasts as long as the source. H.264 needs even sides: an
/// odd side gains one row or column that repeats its neighbour.
public final class VideoWriter: Sendable {
    /// The path that the file will have.
    public let path: String

    /// The size of the frames.
    public let size: ImageSize

    private let file: AtomicFile
    private let handover = Handover<Tensor<UInt8>>(capacity: 2)
    private let task: Task<Void, any Error>

    /// Starts a video at `path`, whose folder must exist, and ffmpeg with it.
    ///
    /// - Parameters:
    ///   - frameRate: the rate of the source; 25 where it has none.
    ///   - sampleAspectRatio: the shape of a pixel, as `VideoInformation` has it.
    ///   - quality: x264's constant rate factor: 0 (lossless) to 51, 18 looks like the source.
    public init(
        _ path: String, size: ImageSize, frameRate: FrameRate = FrameRate(25),
        sampleAspectRatio: String = "1:1", quality: Int = 18
    ) async throws {
        ignoreBrokenPipes()
        // Before any work is done: is ffmpeg there?
        _ = try await FFmpeg.timingOption(path: path)
        self.path = path
        self.size = size
        file = try AtomicFile(media: path)
        let arguments = Self.arguments(
            size: size, frameRate: frameRate, sampleAspectRatio: sampleAspectRatio,
            quality: quality,
            output: file.temporaryPath)
        task = Task { [handover] in
            do {
                try await Self.encode(handover, arguments: arguments, path: path)
            } catch {
                handover.abandon()
                throw error
            }
        }
    }

    deinit {
        handover.abandon()
        task.cancel()
        // ffmpeg may be about to make the file: it is removed when ffmpeg is gone.
        Task { [task, file] in
            _ = await task.result
            file.discard()
        }
    }

    /// Appends a frame `[height, width, 3]`. Waits while ffmpeg is behind.
    public func append(_ image: Tensor<UInt8>) async throws {
        precondition(
            image.shape == [size.height, size.width, 3],
            "VideoWriter.append: frame \(image.shape) in a video of \(size)")
        guard await handover.send(image) else {
            try Task.checkCancellation()
            // The task has failed: it says why.
            try await task.value
            throw MediaError(.cannotWrite, path, "the video is finished already")
        }
    }

    /// Waits until everything is encoded and gives the file its name.
    public func finish() async throws {
        handover.finish(.success(()))
        try await withTaskCancellationHandler {
            try await task.value
            try Task.checkCancellation()
        } onCancel: {
            task.cancel()
        }
        try file.commit()
    }

    /// Ends ffmpeg and removes what was written.
    public func discard() async {
        handover.abandon()
        task.cancel()
        _ = await task.result
        file.discard()
    }

    static func arguments(
        size: ImageSize, frameRate: FrameRate, sampleAspectRatio: String, quality: Int,
        output: String
    ) -> [String] {
        let (right, bottom) = (size.width % 2, size.height % 2)
        var filters: [String] = []
        if right + bottom > 0 {
            filters.append("pad=iw+\(right):ih+\(bottom)")
            filters.append("fillborders=right=\(right):bottom=\(bottom):mode=smear")
        }
        // High-definition colours, and a file that says so: players guess otherwise, by size.
        filters.append("scale=out_color_matrix=bt709:out_range=tv")
        filters.append("setsar=\(sampleAspectRatio.replacing(":", with: "/"))")
        let colours = ["-colorspace", "-color_primaries", "-color_trc"].flatMap { [$0, "bt709"] }
        return ["-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
            + ["-s", "\(size)", "-r", "\(frameRate)", "-i", "pipe:0", "-an"]
            + ["-vf", filters.joined(separator: ","), "-pix_fmt", "yuv420p"]
            + ["-c:v", "libx264", "-preset", "veryfast", "-crf", "\(quality)"] + colours
            + ["-color_range", "tv", "-movflags", "+faststart", "-f", "mp4", FFmpeg.url(output)]
    }

    private static func encode(
        _ frames: Handover<Tensor<UInt8>>, arguments: [String], path: String
    ) async throws {
        try await FFmpeg.translatingErrors(of: "ffmpeg", path: path) {
            let result = try await Subprocess.run(
                .name("ffmpeg"), arguments: Arguments(arguments), environment: FFmpeg.environment,
                platformOptions: FFmpeg.platformOptions, input: .inputWriter, output: .discarded,
                error: .sequence
            ) { execution in
                async let messages = FFmpeg.lastWords(execution.standardError)
                let writer = execution.standardInputWriter
                var isWhole = true
                do {
                    while isWhole, let image = try await frames.receive() {
                        let bytes = image.scalars
                        isWhole = try await writer.write(bytes) == bytes.count
                    }
                } catch {
                    // ffmpeg has closed its input: its messages say why.
                    isWhole = false
                }
                if Task.isCancelled { try? execution.send(signal: .kill) }
                try? await writer.finish()
                return (messages: await messages, isWhole: isWhole)
            }
            try Task.checkCancellation()
            let outcome = FFmpeg.Outcome(
                status: result.terminationStatus, messages: result.closureResult.messages)
            guard outcome.status.isSuccess, result.closureResult.isWhole else {
                let words = FFmpeg.summary(outcome, of: "ffmpeg", path: path)
                throw MediaError(.programFailed, path, "the video cannot be written: \(words)")
            }
        }
    }
}
