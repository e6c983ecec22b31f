import Checkpoints
import Masks

/// The `results.json` that an official program wrote for one video.
public struct OfficialResults: Sendable {
    /// An object as one category.
    public struct Entry: Sendable {
        /// The number of the video.
        public let videoID: Int
        /// The name of the video, which the original release of SeqFormer writes and VNext does not.
        public let videoName: String?
        /// The id of the category.
        public let category: Int
        /// How sure the program is.
        public let score: Double
        /// The mask in each frame; `nil` for `null`.
        public let masks: [RunLengthMask?]
    }

    /// The entries, in the order of the file.
    public let entries: [Entry]

    /// Reads a file.
    ///
    /// - Throws: `CheckpointError` where it is not what the official programs write.
    public init(path: String) throws {
        let document = try JSONValue(contentsOf: path)
        func malformed(_ index: Int?, _ problem: String) -> CheckpointError {
            .malformed(
                path: path, problem: (index.map { "entry \($0) " } ?? "it ") + problem)
        }
        guard let list = document.array else { throw malformed(nil, "is not a list of entries") }
        entries = try list.enumerated().map { index, item in
            guard let video = item["video_id"]?.int, let category = item["category_id"]?.int,
                let score = item["score"]?.double, let masks = item["segmentations"]?.array
            else {
                throw malformed(index, "needs video_id, category_id, score and segmentations")
            }
            return Entry(
                videoID: video, videoName: item["video_name"]?.string, category: category,
                score: score,
                masks: try masks.map { mask in
                    if case .null = mask { return nil }
                    guard let size = mask["size"]?.ints, size.count == 2,
                        let counts = mask["counts"]?.string
                    else { throw malformed(index, "has a mask without size or counts") }
                    do {
                        return try RunLengthMask(
                            height: size[0], width: size[1], compressed: counts)
                    } catch {
                        throw malformed(index, "has a mask that cannot be read: \(error)")
                    }
                })
        }
    }
}
