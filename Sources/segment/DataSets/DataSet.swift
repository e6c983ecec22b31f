/// A data set whose layout on disk is known.
struct DataSet: Sendable {
    /// What becomes of a video.
    enum Output {
        /// A folder of PNG files, white on black.
        case binaryMasks
        /// A folder of PNG files whose indices are objects or classes.
        case labels
        /// Entries of `results.json`.
        case results
    }

    /// What the command line calls it.
    let name: String

    /// Its name and layout, for people.
    let title: String

    /// The part that is taken where nobody chooses; `nil` where the data set has no parts.
    let usualSplit: String?

    let output: Output

    /// Finds the videos of a part below a folder, in their order.
    let videos: @Sendable (_ root: String, _ split: String) throws -> [DataSetVideo]

    /// All of them. A new one is a line here and, if it lies on disk in its own way, a function in
    /// `DataSetLayouts`.
    static let all = [
        DataSet(
            name: "davis16", title: "DAVIS-2016: JPEGImages/480p/SEQUENCE, ImageSets",
            usualSplit: "val", output: .binaryMasks
        ) { try DataSetLayouts.davis($0, split: $1, lists: ["480p", "2016"]) },
        DataSet(
            name: "davis17", title: "DAVIS-2017: JPEGImages/480p/SEQUENCE, ImageSets/2017",
            usualSplit: "val", output: .labels
        ) { try DataSetLayouts.davis($0, split: $1, lists: ["2017"]) },
        DataSet(
            name: "youtube-vos", title: "YouTube-VOS: SPLIT/JPEGImages/VIDEO",
            usualSplit: "valid", output: .labels
        ) { try DataSetLayouts.folders("\($0)/\($1)/JPEGImages") },
        DataSet(
            name: "moca", title: "MoCA: JPEGImages/VIDEO", usualSplit: nil, output: .binaryMasks
        ) { root, _ in try DataSetLayouts.folders("\(root)/JPEGImages") },
        DataSet(
            name: "youtube-objects", title: "YouTube-Objects: CLASS/data/SEQUENCE/shots/SHOT",
            usualSplit: nil, output: .binaryMasks
        ) { root, _ in try DataSetLayouts.folders(root, but: ["labels", "youtube_masks"]) },
        DataSet(
            name: "a2d", title: "A2D: pngs320H/VIDEO, videoset.csv", usualSplit: "test",
            output: .labels
        ) { try DataSetLayouts.a2d($0, split: $1) },
        DataSet(
            name: "youtube-vis",
            title: "YouTube-VIS: SPLIT.json or SPLIT/instances.json, SPLIT/JPEGImages",
            usualSplit: "valid", output: .results
        ) { try DataSetLayouts.annotated($0, split: $1) },
        DataSet(
            name: "ovis", title: "OVIS: annotations_SPLIT.json, SPLIT", usualSplit: "valid",
            output: .results
        ) { try DataSetLayouts.annotated($0, split: $1) },
        DataSet(
            name: "folders", title: "any folder: each folder of images below it is a video",
            usualSplit: nil, output: .labels
        ) { root, _ in try DataSetLayouts.folders(root) },
    ]

    /// The data set of that name.
    static func named(_ name: String) -> DataSet? { all.first { $0.name == name } }
}

/// One video of a data set.
struct DataSetVideo: Sendable {
    /// What its outputs are called: names with slashes between them.
    let name: String

    /// Its number in the data set's files, where it has one.
    var id: Int?

    /// Its frames: the images, or the folder that holds them.
    let paths: [String]

    /// A video whose outputs lie within the folder of all outputs, whatever a list says.
    ///
    /// - Parameter list: where the name comes from.
    init(_ name: String, id: Int? = nil, paths: [String], from list: String) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
            throw Failure(
                .badData, "\(list): '\(name)' is no name of a video; names of folders are expected")
        }
        self.name = name
        self.id = id
        self.paths = paths
    }
}
