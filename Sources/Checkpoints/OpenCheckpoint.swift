/// Opens a checkpoint of any known format, which its content tells, not its name.
///
/// `path` is a safetensors file, a `model.safetensors.index.json`, a PyTorch file, or a folder that
/// holds `model.safetensors.index.json` or `model.safetensors` (the index counts where both are).
/// Throws a `CheckpointError` that says what the file is, where that can be told.
public func openCheckpoint(at path: String) throws -> any WeightSource {
    for name in ["model.safetensors.index.json", "model.safetensors"] {
        let inside = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
        if CheckpointFile.exists(inside) { return try openCheckpoint(at: inside) }
    }
    let file = try CheckpointFile(path: path)
    let start = try file.bytes(at: 0, count: min(16, file.count))
    if start.starts(with: [0x50, 0x4B, 3, 4]) || start.first == 0x80 {
        return try PyTorchFile(path: path)
    }
    // A safetensors file begins with the length of its header, less than 2^32 in eight bytes; JSON text
    // has no zeros. The name only decides what an error is about.
    if start.count >= 8 && start[4..<8] == [0, 0, 0, 0] || path.hasSuffix(".safetensors") {
        return try SafetensorsFile(path: path)
    }
    if start.first(where: { !isSpace($0) }) == UInt8(ascii: "{") {
        return try SafetensorsIndex(path: path)
    }
    throw CheckpointError.malformed(path: path, problem: try unknownContent(file))
}

private func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

/// A guess at what a file is that is no checkpoint.
func unknownContent(_ file: CheckpointFile) throws -> String {
    let start = try file.bytes(at: 0, count: min(512, file.count))
    let text = String(decoding: start.prefix(64), as: UTF8.self).lowercased()
    switch true {
    case start.isEmpty: return "the file is empty"
    case start.count >= 262 && start[257..<262].elementsEqual("ustar".utf8):
        return "a tar archive; unpack it, or if PyTorch before 0.2 wrote it, save it again with a "
            + "current PyTorch"
    case text.hasPrefix("version https://git-lfs"):
        return "a Git LFS pointer instead of the file itself (run `git lfs pull`)"
    case text.contains("<!doctype") || text.contains("<html"):
        return "a web page: the download did not give the file"
    case start.starts(with: [0x1F, 0x8B]): return "a gzip archive; unpack it first"
    case start.starts(with: "GGUF".utf8): return "a GGUF file, which is not read"
    case start.starts(with: [0x89, 0x48, 0x44, 0x46]): return "an HDF5 file, which is not read"
    default:
        let bytes = start.prefix(8).map { String($0, radix: 16) }.joined(separator: " ")
        return "its first bytes (\(bytes)) are those of no safetensors, index or PyTorch file"
    }
}
