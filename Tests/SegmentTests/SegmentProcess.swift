import Foundation
import Testing

/// Runs the program that was built beside the tests, as a person would.
struct SegmentProcess {
    /// What a run left: its exit code and what it printed.
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String

        /// The most memory that was resident, in bytes, as far as it was seen.
        let peakMemory: Int

        /// The lines on standard error.
        var errorLines: [String] {
            errors.split(separator: "\n").map(String.init)
        }
    }

    /// The program.
    static let path = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("segment").path

    /// Options that make the smallest model that can be configured, and that suit tiny frames.
    static let tinyModel = [
        "--demo-weights", "--model", "avos-resnet101", "--config", "tiny.json", "--size", "32",
    ]

    private static let tinyConfiguration = """
        {"hidden_dim": 24, "nheads": 2, "dim_feedforward": 16, "enc_layers": [1, 1], "dec_layers": 1,
         "lprop_mode": 0}
        """

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Self.tinyConfiguration, to: "tiny.json")
    }

    /// Runs the program in the temporary folder to its end.
    ///
    /// - Parameter whileRunning: is called again and again, with the process' identifier, until it ends.
    func run(
        _ arguments: [String], environment: [String: String] = [:],
        program: String? = nil, whileRunning: (Int32) throws -> Void = { _ in }
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program ?? Self.path)
        process.arguments = (program == nil ? [] : [Self.path]) + arguments
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment
            .merging(["COLUMNS": "100"]) { $1 }.merging(environment) { $1 }
        let output = try folder.temporaryFile(), errors = try folder.temporaryFile()
        process.standardOutput = output.handle
        process.standardError = errors.handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var peak = 0
        while process.isRunning {
            try whileRunning(process.processIdentifier)
            peak = max(peak, Self.peakMemory(of: process.processIdentifier))
            usleep(10_000)
        }
        return Outcome(
            code: process.terminationReason == .exit
                ? process.terminationStatus : -process.terminationStatus,
            output: try output.text(), errors: try errors.text(), peakMemory: peak)
    }

    /// The high-water mark of a process that runs; 0 where the system does not tell.
    private static func peakMemory(of process: Int32) -> Int {
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}

/// A folder that is removed with the test.
final class TemporaryFolder {
    /// A file for what a process prints.
    struct PrintedFile {
        let url: URL
        let handle: FileHandle

        func text() throws -> String {
            try handle.close()
            defer { try? FileManager.default.removeItem(at: url) }
            return String(decoding: try Data(contentsOf: url), as: UTF8.self)
        }
    }

    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("segment-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }

    /// The objects of a file with one in each line.
    func jsonLines(of name: String) throws -> [[String: Any]] {
        try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    /// A file outside the folder, so that listings show only what the program made.
    func temporaryFile() throws -> PrintedFile {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("segment-printed-\(UUID().uuidString)")
        try Data().write(to: file)
        return PrintedFile(url: file, handle: try FileHandle(forWritingTo: file))
    }

    /// Every file and folder below `name`, hidden ones too, sorted.
    func contents(of name: String = "") -> [String] {
        let place = name.isEmpty ? url.path : path(name)
        let all = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
        return all.sorted()
    }
}
