import ArgumentParser

/// The command line's root: it only knows its subcommands.
struct SegmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Segments objects in video with transformers, on the CPU.",
        discussion: """
            Examples:
              segment clip.mp4 --weights medvt.safetensors -o out
              segment frames/ --weights medvt.pth -o out --outputs masks,jsonl
              segment convert medvt.pth -o medvt.safetensors
              segment inspect medvt.safetensors
              segment train recipe.json --data train --from medvt-lite.safetensors -o run

            'segment INPUT' is short for 'segment run INPUT'.
            """,
        version: Version.report,
        subcommands: [
            RunCommand.self, ConvertCommand.self, InspectCommand.self, VerifyCommand.self,
            EvaluateCommand.self, ReportCommand.self, BenchCommand.self, TrainCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
