import Media
import Models

/// A model with what was asked of it, ready for one video after the other.
struct Segmenter: Sendable {
    let loaded: LoadedModel

    /// The names of the model's classes, by id.
    let names: [Int: String]

    private let options: SessionOptions

    /// How much memory the program may take, and whether a person said so.
    private let memory: (bytes: Int, isAsked: Bool)

    /// - Throws: ``Failure`` for classes that the model does not have.
    init(
        _ loaded: LoadedModel, inference: InferenceOptions, objects: ObjectOptions
    ) throws {
        self.loaded = loaded
        names = try objects.names(of: loaded.model)
        memory = (
            inference.memory?.bytes ?? MemorySize.halfOfMachine, inference.memory != nil
        )
        var options = inference.sessionOptions(for: loaded.model)
        try objects.apply(to: &options, of: loaded.model, names: names)
        self.options = options
    }

    /// The work on one video.
    ///
    /// - Throws: `UnsupportedOption` where the model cannot do what was asked, ``Failure`` where it needs more
    ///   memory than a person allows.
    func loop(for source: any FrameSource) throws -> RunLoop {
        var options = options
        options.memoryLimit = max(1, memory.bytes - ProcessMemory.resident)
        let video = VideoDescription(
            height: source.size.height, width: source.size.width, frameCount: source.expectedCount)
        let session = try loaded.model.session(for: video, options: options)
        let loop = RunLoop(session: session, threshold: options.maskThreshold, names: names)
        guard !memory.isAsked || loop.expectedPeakMemory <= memory.bytes else {
            throw Failure(
                .usage,
                "\(source.path): this needs about \(ByteCount.words(loop.expectedPeakMemory)) of memory, more "
                    + "than the \(ByteCount.words(memory.bytes)) of --memory; a smaller --size takes less"
            )
        }
        return loop
    }

    /// What a person wants to know before a long run.
    func description(of source: any FrameSource, _ loop: RunLoop) -> [String] {
        let count =
            source.expectedCount.map { "\(source.countIsExact ? "" : "about ")\($0) " } ?? ""
        let (height, width) = (options.preprocessing ?? loaded.model.preprocessing).inputSize(
            height: source.size.height, width: source.size.width)
        return [
            "\(source.path): \(count)frames of \(source.size), seen by \(loaded.name) at \(width)x\(height)"
                + (loop.session.manner.isEmpty ? "" : ", \(loop.session.manner)"),
            "expected peak of memory: \(ByteCount.words(loop.expectedPeakMemory))",
        ]
    }
}

extension RunLoop {
    /// What the process will take at most, in bytes, as far as it can be told ahead.
    var expectedPeakMemory: Int { ProcessMemory.resident + session.expectedPeakBytes }
}
