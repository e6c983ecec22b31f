import FileAccess
import Foundation
import Media
import Models
import Tensor

/// One run of `segment run`: checks everything that can fail before the first second is computed, then
/// runs.
struct Run: Sendable {
    private let inputs: [String]
    private let modelOptions: ModelOptions
    private let outputOptions: OutputOptions
    private let inferenceOptions: InferenceOptions
    private let recordOptions: RecordOptions

    init(_ command: RunCommand) {
        inputs = command.inputs
        modelOptions = command.modelOptions
        outputOptions = command.outputOptions
        inferenceOptions = command.inferenceOptions
        recordOptions = command.recordOptions
    }

    func start() async throws {
        Interruption.listen()
        let source = try await openFrames(inputs, range: inferenceOptions.range)
        let folder = OutputFolder(
            path: outputOptions.output ?? defaultOutput, kinds: outputOptions.outputs,
            isSingleImage: source.countIsExact && source.expectedCount == 1)
        try folder.check(inputs: inputs, force: outputOptions.force)
        try recordOptions.check(inputs: inputs, force: outputOptions.force)
        let loaded = try modelOptions.load()
        let loop = try loop(loaded, source, folder)
        say(loaded, source, loop)
        try await write(loop, source, folder)
    }

    /// The name of the input without its ending, or of the folder of several inputs, here.
    private var defaultOutput: String {
        let named = inputs.count == 1 ? inputs[0] : FilePath.parent(of: inputs[0])
        let name = URL(fileURLWithPath: named).deletingPathExtension().lastPathComponent
        let plain = name.filter { !"*?[]".contains($0) }
        return "\(plain.isEmpty ? "frames" : plain)-segmented"
    }

    private func loop(
        _ loaded: LoadedModel, _ source: any FrameSource, _ folder: OutputFolder
    ) throws -> RunLoop {
        let classes = (loaded.model as? any DenseSegmentationModel)?.classes
        guard classes == 1 || !folder.kinds.contains(.soft) else {
            throw Failure(
                .usage,
                "soft masks need a model with one class, and this one "
                    + (classes.map { "has \($0)" } ?? "finds objects")
                    + "; leave 'soft' out of --outputs")
        }
        let options = inferenceOptions.sessionOptions(for: loaded.model)
        let video = VideoDescription(
            height: source.size.height, width: source.size.width, frameCount: source.expectedCount)
        return RunLoop(
            session: try loaded.model.session(for: video, options: options),
            threshold: options.maskThreshold)
    }

    /// What a person wants to know before a long run.
    private func say(_ loaded: LoadedModel, _ source: any FrameSource, _ loop: RunLoop) {
        guard !outputOptions.quiet else { return }
        for line in loaded.remarks { Console.note(line) }
        let count =
            source.expectedCount.map { "\(source.countIsExact ? "" : "about ")\($0) " } ?? ""
        let options = inferenceOptions.sessionOptions(for: loaded.model)
        let (height, width) = (options.preprocessing ?? loaded.model.preprocessing).inputSize(
            height: source.size.height, width: source.size.width)
        Console.note(
            "\(source.path): \(count)frames of \(source.size), seen by \(loaded.name) at \(width)x\(height)"
        )
        let peak = ProcessMemory.resident + loop.session.expectedPeakBytes
        Console.note("expected peak of memory: \(ByteCount.words(peak))")
    }

    private func write(
        _ loop: RunLoop, _ source: any FrameSource, _ folder: OutputFolder
    ) async throws {
        let made = folder.missingFolders
        let registration = Interruption.whenInterrupted {
            AtomicFile.discardAllUnfinished()
            OutputFolder.removeEmpty(made)
        }
        var writers: [any ResultWriter] = []
        let progress = Progress(total: source.expectedCount, quiet: outputOptions.quiet)
        do {
            try folder.prepare()
            writers = try await folder.writers(for: source)
            try await loop.run(
                source, recorder: recordOptions.recorder, recorded: recordOptions.write,
                writers: writers, progress: progress)
        } catch {
            for writer in writers { await writer.discard() }
            AtomicFile.discardAllUnfinished()
            OutputFolder.removeEmpty(made)
            throw error
        }
        Interruption.forget(registration)
        guard !outputOptions.quiet else { return }
        Console.note(progress.summary)
        for place in folder.places { Console.note("wrote \(place)") }
    }
}
