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
    private let objectOptions: ObjectOptions
    private let recordOptions: RecordOptions

    init(_ command: RunCommand) {
        inputs = command.inputs
        modelOptions = command.modelOptions
        outputOptions = command.outputOptions
        inferenceOptions = command.inferenceOptions
        objectOptions = command.objectOptions
        recordOptions = command.recordOptions
    }

    func start() async throws {
        Interruption.listen()
        let source = try await openFrames(inputs, range: inferenceOptions.range)
        var folder = OutputFolder(
            path: outputOptions.output ?? defaultOutput, kinds: outputOptions.outputs,
            isSingleImage: source.countIsExact && source.expectedCount == 1)
        try folder.check(inputs: inputs, force: outputOptions.force)
        try recordOptions.check(inputs: inputs, force: outputOptions.force)
        let loaded = try modelOptions.load()
        folder.addUsualResults(of: loaded.model)
        try folder.check(inputs: inputs, force: outputOptions.force)
        try OutputKind.check(folder.kinds, for: loaded.model)
        let segmenter = try Segmenter(
            loaded, inference: inferenceOptions, objects: objectOptions)
        let loop = try segmenter.loop(for: source)
        say(loaded.remarks + segmenter.description(of: source, loop))
        try await write(loop, source, folder)
    }

    /// The name of the input without its ending, or of the folder of several inputs, here.
    private var defaultOutput: String {
        let named = inputs.count == 1 ? inputs[0] : FilePath.parent(of: inputs[0])
        let name = URL(fileURLWithPath: named).deletingPathExtension().lastPathComponent
        let plain = name.filter { !"*?[]".contains($0) }
        return "\(plain.isEmpty ? "frames" : plain)-segmented"
    }

    /// What a person wants to know before a long run.
    private func say(_ lines: [String]) {
        guard !outputOptions.quiet else { return }
        for line in lines { Console.note(line) }
    }

    private func write(
        _ loop: RunLoop, _ source: any FrameSource, _ folder: OutputFolder
    ) async throws {
        let made = folder.missingFolders
        let registration = Interruption.whenInterrupted {
            Unfinished.discardAll()
            OutputFolder.removeEmpty(made)
        }
        var writers: [any ResultWriter] = []
        let progress = Progress(total: source.expectedCount, quiet: outputOptions.quiet)
        do {
            try folder.prepare()
            writers = try await folder.writers(for: source, names: loop.names)
            try await loop.run(
                source, recorder: recordOptions.recorder, recorded: recordOptions.write,
                writers: writers, progress: progress)
        } catch {
            for writer in writers { await writer.discard() }
            Unfinished.discardAll()
            OutputFolder.removeEmpty(made)
            throw error
        }
        Interruption.forget(registration)
        guard !outputOptions.quiet else { return }
        Console.note(progress.summary)
        for place in folder.places { Console.note("wrote \(place)") }
    }
}
