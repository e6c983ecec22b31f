import Evaluation
import FileAccess
import Foundation
import Media

/// Where data sets keep their frames and the lists of their parts.
enum DataSetLayouts {
    /// DAVIS: `JPEGImages/480p/SEQUENCE/*.jpg`; the part is a list of sequences, or of images and masks, in
    /// `ImageSets`.
    static func davis(_ root: String, split: String, lists: [String]) throws -> [DataSetVideo] {
        let images = try folder(root, "JPEGImages")
        let frames = FileEntry(at: "\(images)/480p") == .folder ? "\(images)/480p" : images
        let files = lists.map { "\(root)/ImageSets/\($0)/\(split).txt" }
        guard let list = files.first(where: { FileEntry(at: $0) == .file }) else {
            throw Failure(
                .missingInput,
                "\(root): there is no list of the part '\(split)'; looked for "
                    + files.joined(separator: " and "))
        }
        var names: [String] = []
        for entry in try NameList.read(list) {
            // The lists of 2016 name an image and a mask: the sequence is the folder that they lie in.
            let parts = entry.split(separator: "/")
            let name = parts.count > 1 ? String(parts[parts.count - 2]) : entry
            if names.last != name { names.append(name) }
        }
        return try names.map { try DataSetVideo($0, paths: ["\(frames)/\($0)"], from: list) }
    }

    /// Every folder of images below `root`, in natural order.
    ///
    /// - Parameter masks: names of folders that hold masks, not frames.
    static func folders(_ root: String, but masks: Set<String> = []) throws -> [DataSetVideo] {
        guard FileEntry(at: root) == .folder else {
            throw Failure(.missingInput, "\(root): there is no such folder")
        }
        let entries =
            FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        let images = entries.filter { path in
            ["png", "jpg", "jpeg"].contains(FilePath.ending(of: path))
                && !path.split(separator: "/").contains {
                    $0.hasPrefix(".") || masks.contains(String($0))
                }
        }
        let names = Set(images.map(FilePath.parent(of:)).filter { $0 != "." })
        guard !names.isEmpty else {
            throw Failure(
                .missingInput, "\(root): there is no folder of PNG or JPEG images below it")
        }
        return try names.sorted(by: precedesNaturally).map {
            try DataSetVideo($0, paths: ["\(root)/\($0)"], from: root)
        }
    }

    /// A2D: frames in `pngs320H/VIDEO`, the parts in the ninth column of `videoset.csv` (0: train, 1: test).
    static func a2d(_ root: String, split: String) throws -> [DataSetVideo] {
        guard let usage = ["train": "0", "test": "1"][split] else {
            throw Failure(.usage, "--split is '\(split)'; A2D has train and test")
        }
        let list = "\(root)/videoset.csv"
        let frames = try folder(root, "pngs320H")
        let rows = try SmallFile.lines(of: list, purpose: "names of videos").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        guard let short = rows.firstIndex(where: { $0.count < 9 }) else {
            return try rows.filter { $0[8] == usage }.map { row in
                try DataSetVideo(
                    String(row[0]), paths: ["\(frames)/\(row[0])"], from: list)
            }
        }
        throw Failure(
            .badData,
            "\(list): line \(short + 1) has \(rows[short].count) columns, 9 are expected")
    }

    /// YouTube-VIS and OVIS: an annotation file lists the videos and their frames.
    static func annotated(_ root: String, split: String) throws -> [DataSetVideo] {
        let files = [
            "\(split).json", "\(split)/instances.json", "annotations/\(split).json",
            "annotations_\(split).json", "annotations/instances_\(split)_sub.json",
        ].map { "\(root)/\($0)" }
        guard let list = files.first(where: { FileEntry(at: $0) == .file }) else {
            throw Failure(
                .missingInput,
                "\(root): there is no annotation file of the part '\(split)'; looked for "
                    + files.joined(separator: ", "))
        }
        let images = ["\(root)/\(split)/JPEGImages", "\(root)/\(split)"]
        guard let frames = images.first(where: { FileEntry(at: $0) == .folder }) else {
            throw Failure(
                .missingInput, "\(root): there is no folder \(split)/JPEGImages with the frames")
        }
        return try VideoAnnotations(contentsOf: list).videos.map { video in
            guard !video.fileNames.isEmpty else {
                throw Failure(.badData, "\(list): the video \(video.id) has no file_names")
            }
            return try DataSetVideo(
                video.name, id: video.id, paths: video.fileNames.map { "\(frames)/\($0)" },
                from: list)
        }
    }

    private static func folder(_ root: String, _ name: String) throws -> String {
        let path = "\(root)/\(name)"
        guard FileEntry(at: path) == .folder else {
            throw Failure(
                .missingInput, "\(path): there is no such folder; --root names the data set's root")
        }
        return path
    }
}
