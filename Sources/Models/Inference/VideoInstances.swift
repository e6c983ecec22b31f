import Masks

/// All objects of a video, with their masks at the video's own size.
public struct VideoInstances: Sendable {
    /// One object, followed through the video.
    public struct Track: Sendable {
        /// The object's number, from 1: that of its colour.
        public let id: Int

        /// Its mask in each frame; `nil` where it has none at all.
        public let masks: [RunLengthMask?]

        /// Its score for each of the model's classes, in their order.
        public let scores: [Float]

        /// An object from its parts.
        public init(id: Int, masks: [RunLengthMask?], scores: [Float]) {
            self.id = id
            self.masks = masks
            self.scores = scores
        }
    }

    /// One line of the official results: an object as one category.
    public struct Entry: Sendable, Hashable {
        /// Which of the tracks it is, as an index.
        public let track: Int

        /// The id of the category in the data set.
        public let category: Int

        /// How sure the model is.
        public let score: Float

        /// Whether the official results leave its masks out (`null` for each frame).
        public let omitsMasks: Bool

        /// An entry from its parts.
        public init(track: Int, category: Int, score: Float, omitsMasks: Bool = false) {
            self.track = track
            self.category = category
            self.score = score
            self.omitsMasks = omitsMasks
        }
    }

    /// Rows of every mask.
    public let height: Int
    /// Columns of every mask.
    public let width: Int
    /// How many frames the video has.
    public let frameCount: Int
    /// The objects.
    public let tracks: [Track]
    /// The objects as categories, in the order of the official results.
    public let entries: [Entry]

    /// Whether the official results of the model name the video (`video_name`).
    public var namesVideo = true

    /// The objects of a video of `frameCount` frames; every track has a mask (or `nil`) for each.
    public init(height: Int, width: Int, frameCount: Int, tracks: [Track], entries: [Entry]) {
        precondition(
            tracks.allSatisfy { $0.masks.count == frameCount }
                && entries.allSatisfy { tracks.indices.contains($0.track) },
            "VideoInstances: tracks of \(tracks.map(\.masks.count)) masks in a video of \(frameCount) frames"
        )
        self.height = height
        self.width = width
        self.frameCount = frameCount
        self.tracks = tracks
        self.entries = entries
    }
}
