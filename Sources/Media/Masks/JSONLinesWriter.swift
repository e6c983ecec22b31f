/// Writes a file of JSON values, one a line, that appears whole when it is finished.
public final class JSONLinesWriter: Sendable {
    private let file: AtomicFile

    /// Starts a file that will appear at `path`.
    public init(_ path: String) throws { file = try AtomicFile(path) }

    /// Appends `value` as one line.
    public func append(_ value: JSONValue) throws {
        var line = value.text + "\n"
        try line.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
    }

    /// Closes the file and gives it its name.
    public func finish() throws { try file.commit() }

    /// Removes what was written. Happens by itself where the writer is released unfinished.
    public func discard() { file.discard() }
}
