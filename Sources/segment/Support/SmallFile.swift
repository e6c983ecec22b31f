import FileAccess
import Foundation

/// Texts that a person hands over in a file and that are small.
enum SmallFile {
    /// The most bytes that such a file may have.
    private static let mostBytes = 1 << 20

    /// The content of the file at `path`; `purpose` says what it holds, such as `a model's options`.
    static func content(of path: String, purpose: String) throws -> Data {
        switch FileEntry(at: path) {
        case .nothing: throw Failure(.missingInput, "\(path): there is no such file")
        case .folder, .other:
            throw Failure(.badData, "\(path): not a file; \(purpose) are read from a file")
        case .file: break
        }
        let content: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            content = try file.read(upToCount: mostBytes + 1) ?? Data()
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error.localizedDescription)")
        }
        guard content.count <= mostBytes else {
            throw Failure(.badData, "\(path): larger than the 1 MB that \(purpose) may have")
        }
        return content
    }

    /// The lines of a text file, without spaces around them and without the empty ones at its end.
    static func lines(of path: String, purpose: String) throws -> [String] {
        let content = try content(of: path, purpose: purpose)
        guard let text = String(data: content, encoding: .utf8) else {
            throw Failure(.badData, "\(path): not UTF-8 text; \(purpose) are read from a text file")
        }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        while lines.last == "" { lines.removeLast() }
        guard !lines.isEmpty else { throw Failure(.badData, "\(path): the file is empty") }
        return lines
    }
}
