import FileAccess
import Foundation
import Media
import Models

/// One run of `segment run --dataset`: every video that is not done yet, one after the other.
struct DataSetRun: Sendable {
    private let dataSet: DataSet
    private let root: String
    private let split: String
    private let shard: Shard?
    private let command: RunCommand
    private let output: DataSetOutput

    init?(_ command: RunCommand) {
        let options = command.dataSetOptions
        guard let dataSet = options.dataset.flatMap(DataSet.named), let root = options.root else {
            return nil
        }
        self.dataSet = dataSet
        self.root = FilePath.trimmed(root)
        self.command = command
        split = options.split ?? dataSet.usualSplit ?? ""
        shard = options.shard
        output = DataSetOutput(
            path: FilePath.trimmed(command.outputOptions.output ?? "\(dataSet.name)-segmented"),
            kind: dataSet.output)
    }

    func start() async throws {
        Interruption.listen()
        let videos = try dataSet.videos(root, split)
        let share = shard?.share(of: videos) ?? videos
        try FileCheck.refuseOtherKind(output.path, isFolder: true)
        let loaded = try command.modelOptions.load()
        guard dataSet.output != .results || !(loaded.model is any DenseSegmentationModel) else {
            throw Failure(
                .usage,
                "\(dataSet.name) is scored by objects, and \(loaded.name) labels pixels; choose a model that "
                    + "finds objects")
        }
        let segmenter = try Segmenter(
            loaded, inference: command.inferenceOptions, objects: command.objectOptions)
        try OutputFolder.makeAll(output.path)
        try RunRecord(command, dataSet, split, model: loaded.name)
            .agree(in: output.path, force: command.outputOptions.force)
        say(loaded.remarks + [start(share, videos)])
        for (index, video) in share.enumerated() {
            guard command.outputOptions.force || !output.isDone(video) else { continue }
            try await segment(video, "\(index + 1) of \(share.count), \(video.name)", segmenter)
        }
        try finish(videos)
    }

    private func segment(
        _ video: DataSetVideo, _ label: String, _ segmenter: Segmenter
    ) async throws {
        let source = try await openFrames(video.paths)
        let loop = try segmenter.loop(for: source)
        let progress = Progress(
            total: source.expectedCount, quiet: command.outputOptions.quiet, label: label)
        do {
            try await output.add(video) { writers in
                try await loop.run(
                    source, recorder: nil, recorded: { _ in }, writers: writers, progress: progress)
            }
        } catch {
            Unfinished.discardAll()
            throw error
        }
        say([progress.summary])
    }

    private func start(_ share: [DataSetVideo], _ videos: [DataSetVideo]) -> String {
        let done = command.outputOptions.force ? 0 : share.count(where: output.isDone)
        let part = shard.map { ", of which shard \($0.number)/\($0.count) has \(share.count)" }
        return
            "\(dataSet.name)\(split.isEmpty ? "" : " \(split)"): \(videos.count) videos\(part ?? "")"
            + (done > 0 ? "; \(done) are done already" : "")
    }

    /// Says where the outputs are, and joins the results of all videos when all are there.
    private func finish(_ videos: [DataSetVideo]) throws {
        guard dataSet.output == .results else { return say(["wrote \(output.path)"]) }
        let missing = videos.count { !output.isDone($0) }
        guard missing == 0 else {
            return say([
                "wrote \(output.path)/results; \(missing) of \(videos.count) videos are missing, so there is "
                    + "no results.json yet: when the other shards' files are there too, the same command "
                    + "makes it"
            ])
        }
        try output.join(videos)
        say(["wrote \(output.results)"])
    }

    private func say(_ lines: [String]) {
        guard !command.outputOptions.quiet else { return }
        for line in lines { Console.note(line) }
    }
}
