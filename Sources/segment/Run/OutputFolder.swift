import FileAccess
import Foundation
import Media
import Models

/// Where a run's outputs go: names, the refusal to overwrite, and the clearing of an earlier run.
struct OutputFolder: Sendable {
    /// The folder, or the video file where only that is asked for by name.
    let path: String

    private(set) var kinds: Set<OutputKind>

    /// Whether nobody said which kinds, so that a model may add its own.
    private let isUsual: Bool

    /// Whether `path` is the overlay video itself.
    let isVideoFile: Bool

    private static let videoEndings = ["mp4", "m4v", "mov", "mkv"]

    /// The outputs of kinds `kinds` at `path`; a path with a video's ending is the overlay video.
    init(path: String, kinds: Set<OutputKind>?, isSingleImage: Bool) {
        isVideoFile = Self.videoEndings.contains(FilePath.ending(of: path))
        self.path = FilePath.trimmed(path)
        isUsual = kinds == nil && !isVideoFile
        self.kinds =
            kinds
            ?? (isVideoFile ? [.overlay] : [.masks, isSingleImage ? .overlayFrames : .overlay])
    }

    /// Adds what a model that finds objects writes unless told otherwise.
    mutating func addUsualResults(of model: any SegmentationModel) {
        if isUsual, !(model is any DenseSegmentationModel) { kinds.insert(.results) }
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
        case .results: return "\(path)/results.json"
        case .objects: return "\(path)/objects"
        }
    }

    /// Refuses what cannot be written or would be overwritten.
    ///
    /// - Parameters:
    ///   - inputs: the inputs' paths, none of which must be an output.
    ///   - force: whether earlier outputs may be replaced.
    func check(inputs: [String], force: Bool) throws {
        guard !isVideoFile || kinds == [.overlay] else {
            throw Failure(
                .usage,
                "-o \(path) names a video, which holds only the overlay; give a folder for other outputs"
            )
        }
        guard !path.isEmpty else {
            throw Failure(.usage, "-o names nothing; give a folder or a video file")
        }
        let inputFolders = Set(inputs.map(FilePath.parent(of:)))
        for place in kinds.map(location)
        where inputFolders.contains(where: { FileCheck.isSame(place, $0) }) {
            throw Failure(
                .cannotCreate, "\(place) holds the input itself; choose another place with -o")
        }
        for place in [path] + kinds.map(location)
        where inputs.contains(where: { FileCheck.isSame(place, $0) }) {
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

    /// The folders of the outputs that are not there yet, inner ones first.
    var missingFolders: [String] {
        var missing: [String] = []
        func note(_ folder: String) {
            guard FileEntry(at: folder) == .nothing, !missing.contains(folder) else { return }
            let parent = FilePath.parent(of: folder)
            if parent != folder { note(parent) }
            missing.insert(folder, at: 0)
        }
        note(isVideoFile ? FilePath.parent(of: path) : path)
        for kind in kinds where kind.isFolder && !isVideoFile { note(location(of: kind)) }
        return missing
    }

    /// Makes the folders, and removes what an earlier run left in them.
    func prepare() throws {
        for folder in missingFolders.reversed() { try Self.make(folder) }
        for kind in kinds where kind.isFolder && !isVideoFile {
            let folder = location(of: kind)
            try Self.removeImages(in: folder)
            guard kind == .objects else { continue }
            for track in try FileManager.default.contentsOfDirectory(atPath: folder)
            where Int(track) != nil && FileEntry(at: "\(folder)/\(track)") == .folder {
                try Self.removeImages(in: "\(folder)/\(track)")
                Self.removeEmpty(["\(folder)/\(track)"])
            }
        }
    }

    /// Makes a folder, unless it is there.
    static func make(_ folder: String) throws {
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw Failure(
                .cannotCreate, "\(folder) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    /// Makes a folder and those that hold it, unless they are there.
    static func makeAll(_ folder: String) throws {
        if FileEntry(at: folder) == .nothing {
            let parent = FilePath.parent(of: folder)
            if parent != folder { try makeAll(parent) }
        }
        try make(folder)
    }

    /// Removes folders that `prepare()` made, inner ones first, as far as they are empty.
    static func removeEmpty(_ folders: [String]) {
        for folder in folders { rmdir(folder) }
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

    /// The writers of all outputs; `names` are those of categories, by id.
    func writers(
        for source: any FrameSource, names: [Int: String]
    ) async throws -> [any ResultWriter] {
        var writers: [any ResultWriter] = []
        // The video last: what can fail before it then leaves no encoder behind.
        for kind in OutputKind.allCases.reversed() where kinds.contains(kind) {
            let place = location(of: kind)
            switch kind {
            case .masks: writers.append(MaskWriter(folder: place))
            case .soft: writers.append(SoftMaskWriter(folder: place))
            case .overlay: writers.append(try await OverlayVideoWriter(path: place, source: source))
            case .overlayFrames: writers.append(OverlayFrameWriter(folder: place))
            case .jsonl: writers.append(try LineWriter(path: place, names: names))
            case .results:
                writers.append(
                    ResultsWriter(path: place, videoName: FilePath.name(of: source.path)))
            case .objects: writers.append(ObjectWriter(folder: place))
            }
        }
        return writers
    }
}
