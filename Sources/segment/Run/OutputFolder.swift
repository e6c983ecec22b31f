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
        let ending = (path as NSString).pathExtension.lowercased()
        isVideoFile = Self.videoEndings.contains(ending)
        self.path = path
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
        let manager = FileManager.default
        let inputPath = Self.resolved(input)
        var isFolder: ObjCBool = false
        let exists = manager.fileExists(atPath: path, isDirectory: &isFolder)
        for place in [path] + kinds.map(location) where Self.resolved(place) == inputPath {
            throw Failure(
                .cannotCreate, "\(place) is the input itself; choose another place with -o")
        }
        if exists, isFolder.boolValue == isVideoFile {
            throw Failure(
                .cannotCreate,
                "\(path) is a \(isVideoFile ? "folder, not a video file" : "file, not a folder"); "
                    + "choose another place with -o")
        }
        guard !force else { return }
        for kind in OutputKind.allCases where kinds.contains(kind) {
            let place = location(of: kind)
            if manager.fileExists(atPath: place) {
                throw Failure(
                    .cannotCreate,
                    "\(place) exists already; --force replaces it, or choose another place with -o")
            }
        }
    }

    /// Makes the folders, after removing what an earlier run left in them.
    func prepare() throws {
        let manager = FileManager.default
        do {
            if isVideoFile {
                let parent = (path as NSString).deletingLastPathComponent
                if !parent.isEmpty {
                    try manager.createDirectory(
                        atPath: parent, withIntermediateDirectories: true)
                }
                return
            }
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
            for kind in kinds where [.masks, .soft, .overlayFrames].contains(kind) {
                let folder = location(of: kind)
                if manager.fileExists(atPath: folder) {
                    for name in try manager.contentsOfDirectory(atPath: folder)
                    where name.hasSuffix(".png") {
                        try manager.removeItem(atPath: "\(folder)/\(name)")
                    }
                }
                try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw Failure(
                .cannotCreate, "\(path) cannot be made: \(error.localizedDescription)")
        }
    }

    /// What the run leaves behind, in the order of the option's help.
    var places: [String] {
        OutputKind.allCases.filter(kinds.contains).map(location)
    }

    /// The writers of all outputs.
    func writers(for source: any FrameSource) async throws -> [any ResultWriter] {
        var writers: [any ResultWriter] = []
        for kind in OutputKind.allCases where kinds.contains(kind) {
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

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
