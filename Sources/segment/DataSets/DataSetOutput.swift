import FileAccess
import Foundation
import Media

/// The folder of a data set's outputs: what is done, and how more is added.
///
/// A video's output appears whole or not at all, under a name of its own: what is there is done, and the
/// folders of several machines merge by copying.
struct DataSetOutput: Sendable {
    let path: String
    let kind: DataSet.Output

    /// Where a video's output is when it is done.
    func location(of video: DataSetVideo) -> String {
        switch kind {
        case .binaryMasks, .labels: "\(path)/\(video.name)"
        case .results: "\(path)/results/\(video.id.map(String.init) ?? video.name).json"
        }
    }

    /// Whether the video's output is there.
    func isDone(_ video: DataSetVideo) -> Bool { FileEntry(at: location(of: video)) != .nothing }

    /// Makes the folder and those in it, unless they are there.
    func prepare(for video: DataSetVideo) throws {
        try OutputFolder.makeAll(FilePath.parent(of: location(of: video)))
    }

    /// Has `write` write the video's output to a place where nobody looks, then gives it its name.
    ///
    /// - Parameter write: is given writers and runs them to the end.
    func add(
        _ video: DataSetVideo, write: ([any ResultWriter]) async throws -> Void
    ) async throws {
        try prepare(for: video)
        let place = location(of: video)
        guard kind != .results else {
            // A file of its own is written whole by itself.
            return try await write([
                ResultsWriter(path: place, videoID: video.id ?? 1, videoName: video.name)
            ])
        }
        let folder = try AtomicFolder(place) {
            Failure(.cannotCreate, "\(place) cannot be made: \($0)")
        }
        let partial = folder.temporaryPath
        try await write([
            kind == .labels ? MaskWriter(folder: partial) : BinaryMaskWriter(folder: partial)
        ])
        try folder.commit()
    }
}

// MARK: - results.json

extension DataSetOutput {
    /// Where the entries of all videos are joined.
    var results: String { "\(path)/results.json" }

    /// Joins the entries of `videos`, all of which are done, as one `results.json`.
    func join(_ videos: [DataSetVideo]) throws {
        let file = try AtomicFile(results) { [results] in
            Failure(.cannotCreate, "\(results): \($0)")
        }
        var separator = "["
        for video in videos {
            let place = location(of: video)
            guard let text = try? String(contentsOfFile: place, encoding: .utf8),
                let entries = Self.entries(in: text)
            else {
                throw Failure(
                    .badData,
                    "\(place): not a list of entries; remove it, and the next run makes it anew")
            }
            guard !entries.isEmpty else { continue }
            try file.append(separator + entries)
            separator = ",\n"
        }
        try file.append(separator == "[" ? "[]\n" : "]\n")
        try file.commit()
    }

    /// What stands between the brackets of a list.
    private static func entries(in text: String) -> String? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix("["), text.hasSuffix("]"), text.utf8.count > 1 else { return nil }
        return String(text.dropFirst().dropLast())
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
