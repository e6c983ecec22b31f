import ArgumentParser
import Checkpoints
import Foundation

/// `segment verify`: every stage of a model against numbers from elsewhere.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare a model, stage by stage, with reference tensors.",
        discussion: """
            A case is a folder with case.json (what to build and how its weights are made) and \
            tensors.safetensors (inputs, stages and outputs of another implementation). Every tensor that \
            is no input is compared. A folder of cases is searched for all of them. The exit code is 65 \
            unless everything passes.

            Examples:
              segment verify reference/medvt/avos-swinb
              segment verify reference/medvt/modules --threads 1
              segment verify reference/medvt/avos-swinb --weights medvt.safetensors --json
            """)

    @Argument(help: "Folders of cases.", completion: .directory)
    var folders: [String]

    @Option(
        help: "A checkpoint to use in place of the case's own rule for weights.",
        completion: .file())
    var weights: String?

    @Flag(help: "Print one JSON array instead of tables.")
    var json = false

    @OptionGroup
    var threadOptions: ThreadOptions

    func run() async throws {
        threadOptions.apply()
        let cases = try folders.flatMap(CaseFolder.cases)
        let source = try weights.map { try openCheckpoint(at: $0) }
        var reports: [CaseReport] = []
        for path in cases {
            let report = await ComputeThread.run {
                CaseVerifier(path: path, weights: source).report()
            }
            reports.append(report)
            if !json {
                for line in report.lines + [""] { Console.result(line) }
            }
        }
        if json {
            Console.result(try JSONText.encode(reports))
        } else {
            for line in CaseReport.summary(of: reports) { Console.result(line) }
        }
        guard reports.allSatisfy(\.passed) else { throw ExitCode(Failure.Kind.badData.rawValue) }
    }
}
