import ArgumentParser
import Evaluation
import FileAccess
import Media

/// `segment report`: a page on which a person looks at predictions.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Write one HTML page to look at predictions: scores, curves, the worst frames first.",
        discussion: """
            The page is a single file that opens from disk, without a server or a network. With ground truth it \
            shows each sequence's scores over time and its worst frames: image, prediction, truth and where they \
            differ. Without, it shows frames over each sequence's length.

            Examples:
              segment report out --html report.html
              segment report out --frames clip.mp4 --html report.html
              segment report predictions --ground-truth DAVIS --metric davis17 --html report.html
            """)

    @Argument(
        help: "The predictions: an output folder of 'segment run', or a folder of sequences.",
        completion: .directory)
    var predictions: String

    @Option(help: "The page to write.", completion: .file(extensions: ["html"]))
    var html: String

    @Option(
        help: "The ground truth: a data set, or a folder of sequences.", completion: .directory)
    var groundTruth: String?

    @Option(
        help: ArgumentHelp(
            "Which scores: \(Self.metrics.map(\.name).joined(separator: ", "))."),
        completion: .list(Self.metrics.map(\.name)))
    var metric = "davis16"

    @Option(
        help: "The images: a folder of them or of sequences, or a video (default: the data set's).",
        completion: .file())
    var frames: String?

    @Option(help: "The part of the data set, where the ground truth is a whole data set.")
    var split: String?

    @Option(help: "A text file of the sequences to show, one a line.", completion: .file())
    var sequences: String?

    @Option(help: "The title of the page.")
    var title = "Segmentation report"

    @Option(help: "How many frames of a sequence are shown.")
    var framesPerSequence = 6

    @Option(help: "How many pixels wide a picture is.")
    var pictureWidth = 360

    @Flag(help: "Replace the page if it exists.")
    var force = false

    @OptionGroup
    var threadOptions: ThreadOptions

    private static var metrics: [any FramewiseMetric] {
        EvaluationMetrics.all.compactMap { $0 as? any FramewiseMetric }
    }

    func validate() throws {
        guard Self.metrics.contains(where: { $0.name == metric }) else {
            let names = Self.metrics.map(\.name).joined(separator: ", ")
            throw ValidationError("--metric \(metric) has no scores of frames; there are \(names)")
        }
        guard 1...100 ~= framesPerSequence else {
            throw ValidationError(
                "--frames-per-sequence \(framesPerSequence): 1 to 100 are possible")
        }
        guard 40...2000 ~= pictureWidth else {
            throw ValidationError("--picture-width \(pictureWidth): 40 to 2000 are possible")
        }
    }

    func run() async throws {
        threadOptions.apply()
        let inputs = [predictions, groundTruth, frames, sequences].compactMap(\.self)
        try FileCheck.refuseOverwriting(html, inputs: inputs, force: force)
        let isVideo = frames.map { FileEntry(at: $0) != .folder } ?? false
        let request = EvaluationRequest(
            predictions: FilePath.trimmed(predictions),
            groundTruth: groundTruth.map(FilePath.trimmed) ?? "", split: split,
            sequences: try sequences.map(NameList.read))
        let sources = ReportSources(
            request, frames: isVideo ? nil : frames.map(FilePath.trimmed))
        var report = try await ComputeThread.run { Result { try page(of: sources, request) } }
            .get()
        if isVideo, let frames {
            try await show(framesOf: frames, on: &report)
        }
        let finished = report
        let text = try await ComputeThread.run { Result { try finished.html() } }.get()
        try TextFile.write(text, to: html)
        Console.note("wrote \(html), \((text.utf8.count + 500_000) / 1_000_000) MB")
    }

    private func page(
        of sources: ReportSources, _ request: EvaluationRequest
    ) throws -> ReportPage {
        var options = ReportPage.Options()
        options.framesPerSequence = framesPerSequence
        options.pictureWidth = pictureWidth
        guard groundTruth != nil, let metric = Self.metrics.first(where: { $0.name == metric })
        else {
            return ReportPage(
                title: title, sequences: try sources.predictedSequences(), options: options)
        }
        return ReportPage(
            title: title, sequences: try sources.sequences(scoredBy: metric),
            scores: try metric.evaluate(request), options: options)
    }

    /// The frames of a video, by their names.
    private func show(framesOf path: String, on page: inout ReportPage) async throws {
        var wanted = page.missingPictures
        guard !wanted.isEmpty else {
            Console.note(
                "the images of \(path) are not used: a video serves where there is one sequence")
            return
        }
        for try await frame in try await openFrames(path).frames {
            if wanted.remove(frame.name) != nil { page.show(frame.image, as: frame.name) }
            if wanted.isEmpty { return }
        }
        Console.note("\(path) has no frame called \(wanted.sorted().joined(separator: ", "))")
    }
}
