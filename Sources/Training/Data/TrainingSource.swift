import FileAccess
import Foundation

/// A folder of training data: videos in DAVIS's layout, or single pictures with masks.
struct TrainingSource: Sendable {
    /// The frames of each video; a picture is a video of one frame.
    let videos: [[PictureFiles]]
    let path: String

    /// Whether its videos move.
    var hasMotion: Bool { videos.contains { $0.count > 1 } }

    /// The source at `path`: `JPEGImages/` and `Annotations/` with a folder for each sequence, below a folder
    /// of a resolution such as `480p` or not; or `images/` and `masks/`.
    ///
    /// - Throws: ``TrainingError`` for a folder that holds neither, for frames without masks and for empty
    ///   folders.
    init(path: String) throws {
        self.path = path
        guard FileEntry(at: path) == .folder else {
            throw TrainingError.data(
                path: path, problem: "there is no such folder", remedy: "give the data's folder")
        }
        if FileEntry(at: "\(path)/images") == .folder {
            videos = try Self.pairs("\(path)/images", "\(path)/masks").map { [$0] }
        } else if FileEntry(at: "\(path)/JPEGImages") == .folder {
            let images = try Self.belowResolution("\(path)/JPEGImages")
            let masks = try Self.belowResolution("\(path)/Annotations")
            videos = try Self.entries(of: images).filter {
                FileEntry(at: "\(images)/\($0)") == .folder
            }.map { try Self.pairs("\(images)/\($0)", "\(masks)/\($0)") }
        } else {
            throw TrainingError.data(
                path: path,
                problem: "neither JPEGImages and Annotations nor images and masks are there",
                remedy: "lay the data out as one of the two")
        }
        guard !videos.isEmpty else {
            throw TrainingError.data(
                path: path, problem: "there is not a single picture", remedy: "give another folder")
        }
    }

    /// All sources directly below `root`, or `root` itself where it is one.
    static func all(below root: String) throws -> [TrainingSource] {
        guard FileEntry(at: root) == .folder else {
            throw TrainingError.data(
                path: root, problem: "there is no such folder", remedy: "give the data's folder")
        }
        if isSource(root) { return [try TrainingSource(path: root)] }
        let folders = try entries(of: root).map { "\(root)/\($0)" }.filter(isSource)
        guard !folders.isEmpty else {
            throw TrainingError.data(
                path: root,
                problem: "no folder in it holds JPEGImages and Annotations, or images and masks",
                remedy: "give the folder that holds them")
        }
        return try folders.map(TrainingSource.init(path:))
    }

    private static func isSource(_ path: String) -> Bool {
        [("images", "masks"), ("JPEGImages", "Annotations")].contains {
            FileEntry(at: "\(path)/\($0.0)") == .folder
                && FileEntry(at: "\(path)/\($0.1)") == .folder
        }
    }

    /// `path`, or the one folder in it where that is called as a resolution is (`480p`, `Full-Resolution`).
    private static func belowResolution(_ path: String) throws -> String {
        let folders = try entries(of: path).filter {
            $0.hasSuffix("p") && $0.dropLast().allSatisfy(\.isNumber) || $0 == "Full-Resolution"
        }
        return folders.first.map { "\(path)/\($0)" } ?? path
    }

    /// The pictures of a folder with their masks, by name.
    private static func pairs(_ images: String, _ masks: String) throws -> [PictureFiles] {
        let present = Set(try entries(of: masks))
        let pairs: [PictureFiles] = try entries(of: images).compactMap { name in
            let parts = name.split(separator: ".")
            guard let ending = parts.last?.lowercased(), ["jpg", "jpeg", "png"].contains(ending)
            else { return nil }
            let mask = parts.dropLast().joined(separator: ".") + ".png"
            guard present.contains(mask) else {
                throw TrainingError.data(
                    path: "\(images)/\(name)", problem: "its mask \(masks)/\(mask) is missing",
                    remedy: "add it, or take the picture away")
            }
            return PictureFiles(image: "\(images)/\(name)", mask: "\(masks)/\(mask)")
        }
        guard !pairs.isEmpty else {
            throw TrainingError.data(
                path: images, problem: "there is no JPEG or PNG picture in it",
                remedy: "add its frames, or take the folder away")
        }
        return pairs
    }

    private static func entries(of folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw TrainingError.data(
                path: folder, problem: "it cannot be read (\(error.localizedDescription))",
                remedy: "check that it is there")
        }
    }
}
