import FileAccess
import Foundation
import Synchronization

/// What happens in a run, a JSON object a line: steps and validations.
final class TrainingLog: Sendable {
    /// A line of the log.
    struct Line: Codable, Sendable {
        var step: Int
        var loss: Double?
        var overlap: Double?
        var learningRate: Double?
        var gradientNorm: Double?
        /// Seconds that the step took, waiting for its clips included.
        var seconds: Double?
        /// The mean region similarity on the validation data.
        var validation: Double?

        private enum CodingKeys: String, CodingKey {
            case step, loss
            case overlap = "j"
            case learningRate = "learning_rate"
            case gradientNorm = "gradient_norm"
            case seconds
            case validation = "validation_j"
        }
    }

    let path: String

    private let state: Mutex<[Line]>

    /// The log at `path`, without the lines of steps after `step`: they are taken again.
    init(path: String, upTo step: Int) throws {
        self.path = path
        var lines: [Line] = []
        if FileEntry(at: path) == .file,
            let text = try? String(contentsOfFile: path, encoding: .utf8)
        {
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = Self.decodingOfNonNumbers
            lines = text.split(separator: "\n").compactMap {
                try? decoder.decode(Line.self, from: Data($0.utf8))
            }.filter { $0.step <= step }
        }
        state = Mutex(lines)
        try write()
    }

    private static let decodingOfNonNumbers =
        JSONDecoder.NonConformingFloatDecodingStrategy.convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")

    /// All lines so far.
    var lines: [Line] { state.withLock { $0 } }

    /// Adds a line; it is in the file when this returns.
    func append(_ line: Line) throws {
        let text = try Self.text(of: line) + "\n"
        state.withLock { $0.append(line) }
        do {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw TrainingError.unwritable(path: path, reason: error.localizedDescription)
        }
    }

    private static func text(of line: Line) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }

    private func write() throws {
        let text = try lines.map { try Self.text(of: $0) + "\n" }.joined()
        try AtomicFile.write(text, to: path) { [path] in
            TrainingError.unwritable(path: path, reason: $0)
        }
    }
}
