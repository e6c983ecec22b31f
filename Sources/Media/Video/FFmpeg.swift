import Subprocess

/// Runs `ffmpeg` and `ffprobe`: they decode and encode in a process of their own, where a hostile file can
/// do little.
package enum FFmpeg {
    /// How a program ended.
    struct Outcome: Sendable {
        var status: TerminationStatus
        /// What it wrote to standard error, the end of it if it was much.
        var messages: String
    }

    /// A folder in which the programs are looked for instead of the PATH: for tests with stand-ins.
    @TaskLocal package static var programFolder: String?

    static var environment: Environment {
        guard let programFolder else { return .inherit }
        return .inherit.updating(["PATH": programFolder])
    }

    /// A file as an input or output of ffmpeg: everything after `file:` is taken literally, so that a
    /// leading dash, a colon or a newline in a path means nothing.
    static func url(_ path: String) -> String { "file:" + path }

    /// Options before an input file: it may not make ffmpeg open anything but files.
    static let inputOptions = ["-protocol_whitelist", "file"]

    /// Its own process group: an interrupt from the terminal reaches this program only, which then ends
    /// the others in order.
    static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        return options
    }

    /// Runs `program` and passes what it writes to standard output on, in pieces, until it ends or
    /// `consume` returns false; then the program is ended.
    ///
    /// `path` is the file that it works on, for messages.
    static func run(
        _ program: String, _ arguments: [String], path: String,
        consume: @Sendable (SubprocessOutputSequence.Buffer) async throws -> Bool
    ) async throws -> Outcome {
        try await translatingErrors(of: program, path: path) {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(arguments), environment: environment,
                platformOptions: platformOptions, input: .none, output: .sequence, error: .sequence
            ) { execution in
                async let messages = lastWords(execution.standardError)
                do {
                    for try await piece in execution.standardOutput {
                        if try await consume(piece) { continue }
                        try? execution.send(signal: .kill)
                        break
                    }
                } catch {
                    try? execution.send(signal: .kill)
                    throw error
                }
                return await messages
            }
            return Outcome(status: result.terminationStatus, messages: result.closureResult)
        }
    }

    /// Reads what a program says to its end, so that it never waits, and keeps the last part.
    static func lastWords(_ output: SubprocessOutputSequence) async -> String {
        var kept: [UInt8] = []
        do {
            for try await piece in output {
                piece.withUnsafeBytes { kept.append(contentsOf: $0) }
                if kept.count > 1 << 14 { kept.removeFirst(kept.count - (1 << 13)) }
            }
        } catch {
            // The program is gone: what it said so far is all there is.
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Runs `body` and says in our words what went wrong with starting or talking to `program`.
    static func translatingErrors<Result>(
        of program: String, path: String, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as SubprocessError {
            if error.code == .executableNotFound {
                throw MediaError(
                    .programMissing, path,
                    "videos need the program \(program), which is not found; install ffmpeg "
                        + "(apt install ffmpeg, brew install ffmpeg) or use a folder of images")
            }
            throw MediaError(
                .programFailed, path, "\(program) failed: \(printable(error.description))")
        }
    }

    /// What a program's messages say, as the end of a sentence: the first of them without its mark.
    static func summary(_ outcome: Outcome, of program: String, path: String) -> String {
        if case .signaled(let signal) = outcome.status {
            return "\(program) was ended by signal \(signal)"
        }
        var line = outcome.messages.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        // "[mov,mp4 @ 0x55...] moov atom not found", "file:x.mp4: Invalid data found ..."
        if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
            line = String(line[line.index(after: end)...].drop { $0 == " " })
        }
        if line.hasPrefix(url(path) + ": ") { line = String(line.dropFirst(url(path).count + 2)) }
        line = String(printable(line.prefix(200)).prefix(200))
        return line.isEmpty
            ? "\(program) ended with \(outcome.status)" : "\(program) says: \(line)"
    }
}
