import FileAccess

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Opens the frames that `path` names: a folder of images, a pattern (`shots/*.png`), an image or a video.
///
/// Files are recognised by their content. A path that exists is taken literally, even if it looks like a
/// pattern. `range` limits the frames that are read.
public func openFrames(_ path: String, range: FrameRange = .all) async throws -> any FrameSource {
    switch FileEntry(at: path) {
    case .folder:
        return try ImageSequence(folderEntries(path), path: path, range: range)
    case .file:
        if try ImageFile.format(at: path) != nil {
            return try ImageSequence([path], path: path, range: range)
        }
        if ImageSequence.hasImageExtension(path) {
            // Refused with the words for images, not with what ffprobe makes of it.
            _ = try ImageFile.read(path)
        }
        return try await VideoFile(path, range: range)
    case .other:
        throw MediaError(.badData, path, "this is a device or pipe; frames are read from files")
    case .nothing:
        guard path.contains(where: { "*?[".contains($0) }) else {
            throw FileBytes.systemError(ENOENT, path)
        }
        let matches = patternMatches(path)
        guard !matches.isEmpty else {
            throw MediaError(.missingInput, path, "no file matches this pattern")
        }
        return try ImageSequence(matches, path: path, range: range)
    }
}

/// Opens several image files as one sequence, in natural order: what a shell makes of a pattern.
///
/// A single path is opened as `openFrames(_:range:)` does.
public func openFrames(
    _ paths: [String], range: FrameRange = .all
) async throws -> any FrameSource {
    precondition(!paths.isEmpty, "openFrames: no paths")
    if paths.count == 1 { return try await openFrames(paths[0], range: range) }
    for path in paths where FileEntry(at: path) != .file {
        throw MediaError(
            .missingInput, path, "there is no such file among the images that were named")
    }
    return try ImageSequence(paths, path: paths[0], range: range)
}

private func folderEntries(_ path: String) throws -> [String] {
    guard let folder = opendir(path) else { throw FileBytes.systemError(errno, path) }
    defer { closedir(folder) }
    let prefix = path.hasSuffix("/") ? path : path + "/"
    var entries: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if !name.hasPrefix(".") { entries.append(prefix + name) }
    }
    return entries
}

private func patternMatches(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
        result.gl_pathv[index].map { String(cString: $0) }
    }
}
