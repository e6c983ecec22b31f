import FileAccess

/// Text files, which appear whole or not at all.
enum TextFile {
    /// Writes `text` to `path`.
    static func write(_ text: String, to path: String) throws {
        try AtomicFile.write(text, to: path) { Failure(.cannotCreate, "\(path): \($0)") }
    }
}
