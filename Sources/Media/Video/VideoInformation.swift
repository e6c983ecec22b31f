import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What ffprobe tells about a video file.
public struct VideoInformation: Sendable, Hashable {
    /// The size of the frames as they are shown: rotation applied, sample aspect ratio not.
    public var size: ImageSize

    /// How many degrees the stored pictures are turned clockwise to be shown; ffmpeg does it.
    public var rotation: Int

    /// The average frame rate; nil where the file does not say.
    public var frameRate: FrameRate?

    /// How many seconds the video lasts; nil where the file does not say.
    public var duration: Double?

    /// How many frames there are by the file's index, or by duration and rate. Decoding may give more or fewer.
    public var estimatedFrameCount: Int?

    /// The width of a pixel divided by its height, as a fraction of the shown picture: `1:1` mostly.
    public var sampleAspectRatio: String

    /// The name of the codec, for example `h264`.
    public var codec: String

    /// Asks ffprobe about the file at `path`.
    public init(probing path: String) async throws {
        let output = Mutex<[UInt8]>([])
        let arguments =
            ["-v", "error"] + FFmpeg.inputOptions
            + ["-show_streams", "-show_format", "-of", "json", "-i", FFmpeg.url(path)]
        let outcome = try await FFmpeg.run("ffprobe", arguments, path: path) { piece in
            piece.withUnsafeBytes { bytes in
                output.withLock { output in
                    output.append(contentsOf: bytes)
                    return output.count < 4 << 20
                }
            }
        }
        guard outcome.status.isSuccess else {
            let words = FFmpeg.summary(outcome, of: "ffprobe", path: path)
            if case .signaled = outcome.status { throw MediaError(.programFailed, path, words) }
            throw MediaError(.badData, path, "this is no video that can be read: \(words)")
        }
        try self.init(json: output.withLock { $0 }, path: path)
    }

    /// Reads ffprobe's report.
    package init(json: [UInt8], path: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(Report.self, from: Data(json)) else {
            throw MediaError(
                .programFailed, path, "ffprobe's report about the file is not understood")
        }
        let streams = report.streams ?? []
        let pictures = streams.filter { $0.codecType == "video" }
        // A cover picture in a song is a video stream too.
        guard let stream = pictures.first(where: { $0.disposition?.attachedPic != 1 }) else {
            let hasSound = streams.contains { $0.codecType == "audio" }
            throw MediaError(
                .badData, path,
                hasSound ? "the file has sound but no video" : "the file has no video stream")
        }
        // ffprobe takes plain text for a terminal's recording.
        guard report.format?.formatName != "tty" else {
            throw MediaError(.badData, path, "this is a text file, not a video")
        }
        let stored = ImageSize(width: stream.width ?? 0, height: stream.height ?? 0)
        guard stored.width > 0, stored.height > 0 else {
            throw MediaError(
                .badData, path, "the video stream does not say how large its frames are")
        }
        try ImageLimits.check(stored, path: path)
        rotation = stream.rotation
        size = rotation % 180 == 90 ? stored.turned : stored
        frameRate = FrameRate(stream.avgFrameRate) ?? FrameRate(stream.rFrameRate)
        duration = (stream.duration ?? report.format?.duration).flatMap(Double.init)
        codec = stream.codecName ?? "unknown"
        let ratio = (stream.sampleAspectRatio ?? "1:1").split(separator: ":").compactMap {
            Int($0)
        }
        if ratio.count == 2, ratio[0] > 0, ratio[1] > 0 {
            sampleAspectRatio =
                rotation % 180 == 90 ? "\(ratio[1]):\(ratio[0])" : "\(ratio[0]):\(ratio[1])"
        } else {
            sampleAspectRatio = "1:1"
        }
        if let counted = stream.nbFrames.flatMap({ Int($0) }), counted > 0 {
            estimatedFrameCount = counted
        } else if let duration, let frameRate {
            let estimate = (duration * frameRate.framesPerSecond).rounded()
            estimatedFrameCount = estimate >= 1 && estimate < 1e9 ? Int(estimate) : nil
        } else {
            estimatedFrameCount = nil
        }
    }
}

/// The part of ffprobe's JSON that is used, under its names in camel case.
private struct Report: Decodable {
    var streams: [Stream]?
    var format: Format?

    struct Format: Decodable {
        var formatName: String?
        var duration: String?
    }

    struct Stream: Decodable {
        var codecType: String?
        var codecName: String?
        var width: Int?
        var height: Int?
        var sampleAspectRatio: String?
        var avgFrameRate: String?
        var rFrameRate: String?
        var nbFrames: String?
        var duration: String?
        var disposition: Disposition?
        var tags: Tags?
        var sideDataList: [SideData]?

        /// Clockwise, in 0..<360. The display matrix counts the other way.
        var rotation: Int {
            let matrix = sideDataList?.compactMap(\.rotation).first.map { -$0 }
            let degrees = matrix ?? tags?.rotate.flatMap(Double.init) ?? 0
            guard degrees.isFinite, abs(degrees) < 1e6 else { return 0 }
            return (Int(degrees.rounded()) % 360 + 360) % 360
        }
    }

    struct Disposition: Decodable {
        var attachedPic: Int?
    }

    struct Tags: Decodable {
        var rotate: String?
    }

    struct SideData: Decodable {
        var rotation: Double?
    }
}
