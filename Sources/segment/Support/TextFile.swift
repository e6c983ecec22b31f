import FileAccess

/// Text files, which appear whole or not at all.
enum TextFile {
    /// Writes `text` to `path`.
    static func write(_ text: String, to path: String) throws {
        let file = try AtomicFile(path) { Failure(.cannotCreate, "\(path): \($0)") }
        try file.append(text)
        try file.commit()
    }
}

extension AtomicFile {
    /// Appends `text`.
    func append(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }
}
