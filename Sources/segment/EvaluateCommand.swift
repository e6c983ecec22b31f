import ArgumentParser
import Evaluation

/// `segment eval`: scores predictions as the official scripts do.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Score predictions against ground truth, as the official scripts do.",
        discussion: """
            Metrics:
            \(metricList)

            'segment eval METRIC --explain' says what files a metric takes, whose numbers it reproduces, and \
            what a reader of the numbers must know. Inputs are checked before anything is scored: every entry \
            that is wrong is named, and the exit code is 65.

            Examples:
              segment eval davis16 --predictions out --ground-truth DAVIS
              segment eval davis17 --predictions out --ground-truth DAVIS --per-sequence --json scores.json
              segment eval youtube-vis --predictions results.json --ground-truth valid.json
            """)

    @Argument(help: "Which metric.", completion: .list(EvaluationMetrics.all.map(\.name)))
    var metric: String

    @Option(help: "The folder or file of the predictions.", completion: .file())
    var predictions: String?

    @Option(help: "The folder or file of the ground truth.", completion: .file())
    var groundTruth: String?

    @Option(
        help: "The part of the data set, where the ground truth is a whole data set (default: val)."
    )
    var split: String?

    @Option(
        help: "A text file of the sequences to score, one a line (default: all).",
        completion: .file())
    var sequences: String?

    @Option(
        name: .customLong("json"),
        help: "Write everything, single frames too, to this file as JSON.",
        completion: .file())
    var output: String?

    @Flag(help: "Replace the JSON file if it exists.")
    var force = false

    @Flag(help: "Print the scores of sequences, classes and objects too.")
    var perSequence = false

    @Flag(help: "Only say what the metric takes and whose numbers it reproduces.")
    var explain = false

    @OptionGroup
    var threadOptions: ThreadOptions

    func validate() throws {
        guard EvaluationMetrics.named(metric) != nil else {
            let names = EvaluationMetrics.all.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no metric '\(metric)'; there are \(names)")
        }
        guard !explain else { return }
        guard predictions != nil else { throw ValidationError("--predictions is missing") }
        guard groundTruth != nil else { throw ValidationError("--ground-truth is missing") }
    }

    func run() async throws {
        guard let metric = EvaluationMetrics.named(metric) else { return }
        guard !explain, let predictions, let groundTruth else {
            for line in EvaluationText.explanation(of: metric) { Console.result(line) }
            return
        }
        threadOptions.apply()
        let request = EvaluationRequest(
            predictions: FilePath.trimmed(predictions), groundTruth: FilePath.trimmed(groundTruth),
            split: split, sequences: try sequences.map(NameList.read))
        if let output {
            try FileCheck.refuseOverwriting(
                output, inputs: [predictions, groundTruth, sequences].compactMap(\.self),
                force: force)
        }
        let outcome = await ComputeThread.run { Result { try metric.evaluate(request) } }
        if case .failure(let error as EvaluationError) = outcome, error.problems.count > 1 {
            throw EvaluationText.listed(error)
        }
        let report = try outcome.get()
        if let output {
            try TextFile.write(try JSONText.encode(report) + "\n", to: output)
        }
        for line in EvaluationText.lines(of: report, perSequence: perSequence) {
            Console.result(line)
        }
    }

    private static var metricList: String {
        let width = EvaluationMetrics.all.map(\.name.count).max() ?? 0
        return EvaluationMetrics.all.map { metric in
            let space = String(repeating: " ", count: width - metric.name.count + 2)
            return "  \(metric.name)\(space)\(metric.title)"
        }.joined(separator: "\n")
    }
}
