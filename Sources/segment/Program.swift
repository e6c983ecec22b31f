import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Parses the command line, runs the command, and turns every error into one sentence and an exit code.
enum Program {
    static func run(_ arguments: [String]) async -> Never {
        guard !arguments.isEmpty else {
            Console.result(SegmentCommand.helpMessage())
            exit(0)
        }
        var command: any ParsableCommand
        do {
            command = try SegmentCommand.parseAsRoot(arguments)
        } catch {
            endOfParsing(with: error)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(0)
        } catch {
            end(with: error)
        }
    }

    /// Help and version go to standard output; a mistake in the arguments is said in one line.
    private static func endOfParsing(with error: any Error) -> Never {
        let code = SegmentCommand.exitCode(for: error)
        if code.isSuccess {
            Console.result(SegmentCommand.fullMessage(for: error))
        } else {
            // The parser's last line names the command whose help has the answer.
            let help = SegmentCommand.fullMessage(for: error, columns: 1000)
                .split(separator: "\n").last { $0.contains("--help") }
            let hint =
                help.map { $0.drop { $0 == " " } } ?? "See 'segment --help' for more information."
            Console.note("segment: \(SegmentCommand.message(for: error)). \(hint)")
        }
        exit(code.rawValue)
    }

    private static func end(with error: any Error) -> Never {
        // `segment --help` is a command of the parser's own, which ends by throwing its text.
        if SegmentCommand.exitCode(for: error).isSuccess { endOfParsing(with: error) }
        switch error {
        case let code as ExitCode: exit(code.rawValue)
        case is ValidationError: endOfParsing(with: error)
        default:
            while Interruption.isUnderWay { pause() }
            let failure = Failure(describing: error)
            Console.note("segment: \(failure.description)")
            exit(failure.kind.rawValue)
        }
    }
}
