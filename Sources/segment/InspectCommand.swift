import ArgumentParser
import Checkpoints
import Foundation

/// `segment inspect`: what a checkpoint holds.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List the tensors of a checkpoint and recognise its model.",
        discussion: """
            Reads safetensors, sharded safetensors (the .index.json file) and PyTorch files, without \
            running anything that they contain.

            Examples:
              segment inspect medvt.safetensors
              segment inspect medvt.pth --json
            """)

    @Argument(help: "The checkpoint.", completion: .file())
    var file: String

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func run() throws {
        let source = try openCheckpoint(at: file)
        let summary = CheckpointSummary(source)
        if json {
            Console.result(try JSONText.encode(summary))
        } else {
            for line in summary.lines { Console.result(line) }
        }
    }
}
