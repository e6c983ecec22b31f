import ArgumentParser
import Foundation
import Workloads

/// Another library in a process of its own, which computes what it is told and says how long it took.
///
/// The process is stopped while others have their turn: the threads of some libraries wait awake for more work, for
/// as long as 50 ms, and would take the cores from the next one.
///
/// Both sides speak in lines of JSON; see `peers.py`.
final class Peer {
    /// What `peers.py` can run.
    enum Library: String, ExpressibleByArgument, CaseIterable {
        /// PyTorch whose memory is used again, as ours is.
        case torch
        /// PyTorch as people start it: large results are fresh pages of memory each time.
        case torchDefault = "torch-default"
        case openvino
        case onnxruntime
    }

    let library: Library
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var unread = Data()

    init(_ library: Library, python: String, script: String, threads: Int) throws {
        self.library = library
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            python, script, library == .torchDefault ? "torch" : library.rawValue,
            "--threads", "\(threads)",
        ]
        if library != .torchDefault {
            // The C library's allocator then returns nothing to the system.
            process.environment = ProcessInfo.processInfo.environment.merging([
                "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "16000000000",
                "MALLOC_TOP_PAD_": "1000000000",
            ]) { $1 }
        }
        process.standardInput = requests
        process.standardOutput = answers
        try process.run()
        guard try ask(PeerRequest.hello).ready == true else { throw ended }
    }

    deinit {
        kill(process.processIdentifier, SIGCONT)
        try? requests.fileHandleForWriting.close()
    }

    /// Hands a workload over, and has it computed once.
    ///
    /// - Returns: samples of the result; nil where the library has no such operation.
    func prepare(_ workload: Workload) throws -> [Double]? {
        try ask(.workload(workload)).samples
    }

    /// Has the workload computed again and again for at least `turn` seconds: the median of its runs, in seconds.
    func run(forSeconds turn: Double) throws -> Double {
        guard let seconds = try ask(.run(forSeconds: turn)).seconds else { throw ended }
        return seconds
    }

    private var ended: PeerError {
        PeerError("\(library.rawValue) cannot be compared with; its own message is above")
    }

    private func ask(_ request: PeerRequest) throws -> PeerAnswer {
        // A peer that has ended must not end us: its pipe would raise a signal.
        guard process.isRunning else { throw ended }
        kill(process.processIdentifier, SIGCONT)
        defer { kill(process.processIdentifier, SIGSTOP) }
        try requests.fileHandleForWriting.write(
            contentsOf: JSONEncoder().encode(request) + Data([UInt8(ascii: "\n")]))
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(unread[..<end])
                unread = Data(unread[(end + 1)...])
                return try JSONDecoder().decode(PeerAnswer.self, from: line)
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else { throw ended }
            unread += more
        }
    }
}

/// Why there is no comparison.
struct PeerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
