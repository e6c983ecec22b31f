import FileAccess
import Foundation
import Media

/// Where a run's outputs go: names, the refusal to overwrite, and the clearing of an earlier run.
struct OutputFolder: Sendable {
    /// The folder, or the video file where only that is asked for by name.
    let path: String

    let kinds: Set<OutputKind>

    /// Whether `path` is the overlay video itself.
    let isVideoFile: Bool

    private static let videoEndings = ["mp4", "m4v", "mov", "mkv"]

    /// The outputs of kinds `kinds` at `path`; a path with a video's ending is the overlay video.
    init(path: String, kinds: Set<OutputKind>?, isSingleImage: Bool) {
        isVideoFile = Self.videoEndings.contains(FilePath.ending(of: path))
        self.path = FilePath.trimmed(path)
        self.kinds =
            kinds
            ?? (isVideoFile ? [.overlay] : [.masks, isSingleImage ? .overlayFrames : .overlay])
    }

    /// The file or folder of one kind of output.
    func location(of kind: OutputKind) -> String {
        if isVideoFile { return path }
        switch kind {
        case .masks: return "\(path)/masks"
        case .soft: return "\(path)/soft"
        case .overlay: return "\(path)/overlay.mp4"
        case .overlayFrames: return "\(path)/overlay"
        case .jsonl: return "\(path)/frames.jsonl"
        }
    }

    /// Refuses what cannot be written or would be overwritten.
    ///
    /// - Parameters:
    ///   - input: the input's path, which must not be an output.
    ///   - force: whether earlier outputs may be replaced.
    func check(input: String, force: Bool) throws {
        guard !isVideoFile || kinds == [.overlay] else {
            throw Failure(
                .usage,
                "-o \(path) names a video, which holds only the overlay; give a folder for other outputs"
            )
        }
        guard !path.isEmpty else {
            throw Failure(.usage, "-o names nothing; give a folder or a video file")
        }
        let inputFolder = FilePath.parent(of: input)
        for place in kinds.map(location) where FileCheck.isSame(place, inputFolder) {
            throw Failure(
                .cannotCreate, "\(place) holds the input itself; choose another place with -o")
        }
        for place in [path] + kinds.map(location) where FileCheck.isSame(place, input) {
            throw Failure(
                .cannotCreate, "\(place) is the input itself; choose another place with -o")
        }
        try FileCheck.refuseOtherKind(path, isFolder: !isVideoFile)
        for kind in kinds {
            try FileCheck.refuseOtherKind(location(of: kind), isFolder: kind.isFolder)
        }
        guard !force else { return }
        for kind in OutputKind.allCases where kinds.contains(kind) {
            let place = location(of: kind)
            if FileEntry(at: place) != .nothing {
                throw Failure(
                    .cannotCreate,
                    "\(place) exists already; --force replaces it, or choose another place with -o")
            }
        }
    }

    /// Makes the folders, after removing what an earlier run left in them.
    ///
    /// - Returns: the folders that were not there before, inner ones first.
    func prepare() throws -> [String] {
        var made: [String] = []
        if isVideoFile {
            try Self.makeFolder(FilePath.parent(of: path), &made)
            return made
        }
        try Self.makeFolder(path, &made)
        for kind in kinds where kind.isFolder {
            let folder = location(of: kind)
            try Self.makeFolder(folder, &made)
            try Self.removeImages(in: folder)
        }
        return made
    }

    /// Removes folders that `prepare()` made, as far as they are empty.
    static func removeEmpty(_ folders: [String]) {
        for folder in folders { rmdir(folder) }
    }

    /// Makes a folder and those above it, and notes them.
    private static func makeFolder(_ path: String, _ made: inout [String]) throws {
        let parent = FilePath.parent(of: path)
        if parent != path, !FileManager.default.fileExists(atPath: parent) {
            try makeFolder(parent, &made)
        }
        if mkdir(path, 0o777) == 0 {
            made.insert(path, at: 0)
        } else if errno != EEXIST {
            throw Failure(
                .cannotCreate, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    /// Removes the images of an earlier run, which may have had more frames.
    private static func removeImages(in folder: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names where name.hasSuffix(".png") {
            guard unlink("\(folder)/\(name)") == 0 else {
                throw Failure(
                    .cannotCreate,
                    "\(folder)/\(name) cannot be replaced: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// What the run leaves behind, in the order of the option's help.
    var places: [String] {
        OutputKind.allCases.filter(kinds.contains).map(location)
    }

    /// The writers of all outputs.
    func writers(for source: any FrameSource) async throws -> [any ResultWriter] {
        var writers: [any ResultWriter] = []
        // The video last: what can fail before it then leaves no encoder behind.
        for kind in OutputKind.allCases.reversed() where kinds.contains(kind) {
            let place = location(of: kind)
            switch kind {
            case .masks: writers.append(MaskWriter(folder: place))
            case .soft: writers.append(SoftMaskWriter(folder: place))
            case .overlay: writers.append(try await OverlayVideoWriter(path: place, source: source))
            case .overlayFrames: writers.append(OverlayFrameWriter(folder: place))
            case .jsonl: writers.append(try LineWriter(path: place))
            }
        }
        return writers
    }
}
