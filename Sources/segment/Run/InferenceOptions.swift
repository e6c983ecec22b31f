import ArgumentParser
import Media
import Models

/// Which frames a model sees, and how.
struct InferenceOptions: ParsableArguments {
    @Option(
        help: """
            What the model sees: the short side in pixels (473) or WIDTHxHEIGHT (480x320); \
            default: what the model was made for.
            """,
        transform: FrameSize.init(_:))
    var size: FrameSize?

    @Option(name: .customLong("from"), help: "The first frame, counted from 0.")
    var firstFrame: Int?

    @Option(name: .customLong("to"), help: "The frame after the last one.")
    var endFrame: Int?

    @Option(
        name: .customLong("protocol"),
        help: """
            once: each frame is predicted once, in windows side by side; official: one window around \
            each frame, as in the published evaluation, several times slower.
            """)
    var windows: WindowProtocol = .once

    @Option(
        help: """
            Every how many frames a window holds one, of models that label pixels: windows that reach farther tell \
            better what moves (default: what the model was made for).
            """)
    var frameStride: Int?

    @Flag(
        help: """
            Move the edges of the foreground to those of the frame, by the conditional random field of \
            MED-VT's DAVIS results.
            """)
    var crf = false

    @Option(
        help: "Factors of the size, with commas, whose predictions are averaged: 0.75,1,1.25.",
        transform: Scales.init(_:))
    var scales: Scales?

    @Flag(help: "Average with the predictions of the mirrored frames.")
    var flip = false

    @Option(help: "The probability above which a pixel is foreground or of an object.")
    var threshold: Float = 0.5

    @Option(
        help: """
            How much memory the program may take, for example 4GB: what decides whether objects are looked \
            for in the whole video at once or in clips (default: half of the machine's).
            """,
        transform: MemorySize.init(_:))
    var memory: MemorySize?

    @OptionGroup
    var threadOptions: ThreadOptions

    func validate() throws {
        guard threshold >= 0, threshold <= 1 else {
            throw ValidationError("--threshold is \(threshold); it takes a number from 0 to 1")
        }
        guard (firstFrame ?? 0) >= 0 else {
            throw ValidationError("--from is \(firstFrame ?? 0); frames are counted from 0")
        }
        guard (1...256).contains(frameStride ?? 1) else {
            throw ValidationError(
                "--frame-stride is \(frameStride ?? 0); it takes a number from 1 to 256")
        }
        guard let endFrame else { return }
        guard endFrame > firstFrame ?? 0 else {
            throw ValidationError(
                "--to is \(endFrame), which leaves no frame after --from \(firstFrame ?? 0)")
        }
    }

    /// The frames that are wanted.
    var range: FrameRange { FrameRange(start: firstFrame ?? 0, end: endFrame) }

    /// What is asked of the model's work on a video.
    func sessionOptions(for model: any SegmentationModel) -> SessionOptions {
        var options = SessionOptions()
        options.preprocessing = size?.applied(to: model.preprocessing)
        options.augmentation = TestTimeAugmentation(
            scales: scales?.factors ?? [1], flip: flip ? .mean : nil)
        options.windowProtocol = windows
        options.frameStride = frameStride
        options.refinement = crf ? .davis : nil
        options.maskThreshold = threshold
        return options
    }
}

extension WindowProtocol: ExpressibleByArgument {}

/// The value of `--scales`: positive numbers with commas between them.
struct Scales {
    let factors: [Double]

    /// The factors that a person or a case may ask for.
    static let allowed = 0.1...4.0
    private static let most = 32

    init(_ text: String) throws {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        factors = parts.compactMap { Double($0) }.filter(Self.allowed.contains)
        guard factors.count == parts.count, factors.count <= Self.most else {
            throw ValidationError(
                "it takes at most \(Self.most) numbers from \(Self.allowed.lowerBound) to "
                    + "\(Self.allowed.upperBound), with commas between them")
        }
    }
}
