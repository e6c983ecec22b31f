import FileAccess

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes a file of JSON values, one a line, that appears whole when it is finished.
public final class JSONLinesWriter: Sendable {
    private let file: AtomicFile

    /// Starts a file that will appear at `path`.
    public init(_ path: String) throws { file = try AtomicFile(media: path) }

    /// Appends `value` as one line, its keys in alphabetical order: equal values are equal text.
    public func append(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var line = try encoder.encode(value)
        line.append(UInt8(ascii: "\n"))
        try line.withUnsafeBytes { try file.write($0) }
    }

    /// Closes the file and gives it its name.
    public func finish() throws { try file.commit() }

    /// Removes what was written. Happens by itself where the writer is released unfinished.
    public func discard() { file.discard() }
}
