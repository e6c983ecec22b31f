import FileAccess
import Foundation
import Models

/// Writes the objects of a video as YouTube-VIS and OVIS take them: `results.json`, a list of an entry for
/// each object and category.
struct ResultsWriter: ResultWriter {
    let path: String

    /// The number of the video in its data set.
    var videoID = 1

    /// The name of the video, for readers.
    var videoName: String

    func begin(_ video: VideoResult) throws {
        let entries = video.instances.entries.map { entry in
            ResultsEntry(entry, of: video.instances, videoID: videoID, videoName: videoName)
        }
        try Self.write(entries, to: path)
    }

    func write(_ result: FrameResult) {}

    /// Writes entries as a file that appears whole.
    static func write(_ entries: [ResultsEntry], to path: String) throws {
        let file = try AtomicFile(path) { Failure(.cannotCreate, "\(path): \($0)") }
        // Entry by entry: all of a data set's masks at once could be large.
        var separator = "["
        for entry in entries {
            try file.append(separator + (try JSONText.encode(entry)))
            separator = ",\n"
        }
        try file.append(entries.isEmpty ? "[]\n" : "]\n")
        try file.commit()
    }
}

/// One entry of `results.json`: an object as one category.
struct ResultsEntry: Encodable {
    /// A mask in one frame: the run lengths of COCO's compressed encoding.
    struct Segmentation: Encodable {
        let size: [Int]
        let counts: String
    }

    private let videoID: Int
    /// `nil` where the official results of the model have none.
    private let videoName: String?
    private let score: Double
    private let category: Int
    private let segmentations: [Segmentation?]

    private enum CodingKeys: String, CodingKey {
        case videoID = "video_id"
        case videoName = "video_name"
        case score
        case category = "category_id"
        case segmentations
    }

    init(
        _ entry: VideoInstances.Entry, of video: VideoInstances, videoID: Int, videoName: String
    ) {
        self.videoID = videoID
        self.videoName = video.namesVideo ? videoName : nil
        score = Double(entry.score)
        category = entry.category
        segmentations = video.tracks[entry.track].masks.map { mask in
            guard let mask, !entry.omitsMasks else { return nil }
            return Segmentation(size: [mask.height, mask.width], counts: mask.compressed)
        }
    }
}
