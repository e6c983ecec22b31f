import Masks

/// The annotation file of a data set of YouTube-VIS's form: YouTube-VIS 2019 to 2022, OVIS, HQ-YTVIS, UVO.
public struct VideoAnnotations: Sendable {
    /// One video.
    public struct Video: Sendable {
        /// Its id, which results name.
        public let id: Int
        /// Rows of its frames.
        public let height: Int
        /// Columns of its frames.
        public let width: Int
        /// How many frames it has.
        public let frameCount: Int
        /// The folder of its frames, where the file names them; its id otherwise.
        public let name: String
        /// The files of its frames, below the folder of all frames; empty where the file names none.
        public let fileNames: [String]
    }

    /// One class of objects.
    public struct Category: Sendable {
        /// Its id, which results name.
        public let id: Int
        /// Its name; its id where it has none.
        public let name: String
    }

    /// One object through its video.
    public struct Track: Sendable {
        /// Its id.
        public let id: Int
        /// The id of its video.
        public let video: Int
        /// The id of its category.
        public let category: Int
        /// Whether it is a crowd, which neither rewards nor punishes.
        public let isCrowd: Bool
        /// The mean of its areas as the file states them, over the frames in which it has one.
        public let meanArea: Double
        /// Its mask in each frame; nil where it is absent.
        public let masks: [RunLengthMask?]
    }

    /// The videos, by id.
    public let videos: [Video]

    /// The categories, by id.
    public let categories: [Category]

    /// The objects, in the file's order; nil where the file has none, as those of public validation sets.
    public let tracks: [Track]?

    /// What was found and is not used, a sentence each.
    public let ignored: [String]
}
