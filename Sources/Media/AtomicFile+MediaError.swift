import FileAccess

extension AtomicFile {
    /// Starts a file that will appear at `path`; what goes wrong is a `MediaError`.
    convenience init(media path: String) throws {
        try self.init(path) { MediaError(.cannotWrite, path, "cannot be written: \($0)") }
    }

    /// Writes `bytes` to `path`, whole or not at all.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try AtomicFile(media: path)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.commit()
    }
}
