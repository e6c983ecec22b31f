import FileAccess
import Masks
import Media

/// The entries of a `results.json`: predicted objects, each with a category and a score.
public struct VideoResults: Sendable {
    /// One entry.
    public struct Track: Sendable {
        /// The id of its video.
        public let video: Int
        /// The id of its category.
        public let category: Int
        /// How sure the model is: higher is surer.
        public let score: Double
        /// Its mask in each frame; nil where it is absent.
        public let masks: [RunLengthMask?]

        /// The mean of its areas over the frames in which it has one.
        var meanArea: Double { mean(of: masks.map { $0.map { Double($0.area) } }) }
    }

    /// The entries, in the file's order.
    public let tracks: [Track]

    /// What is odd and yet counted, a sentence each.
    public let remarks: [String]

    /// Reads a `results.json`, or a folder with one file of entries a video, and checks each entry against the
    /// annotation file.
    ///
    /// A folder may hold `results.json`, files of entries, or a folder `results` with these.
    ///
    /// - Throws: ``EvaluationError`` that names each entry that is wrong, as `[12]` for the thirteenth.
    public init(contentsOf path: String, for annotations: VideoAnnotations) throws {
        var reader = Reader(annotations: annotations)
        for file in try Self.files(at: path) { try reader.read(file) }
        guard reader.problems.isEmpty else { throw EvaluationError(problems: reader.problems) }
        tracks = reader.tracks
        remarks = reader.remarks
    }

    /// The files of entries at `path`, in natural order.
    private static func files(at path: String) throws -> [String] {
        guard FolderListing.isFolder(path) else { return [path] }
        if FolderListing.exists("\(path)/results.json") { return ["\(path)/results.json"] }
        if FolderListing.isFolder("\(path)/results") { return try files(at: "\(path)/results") }
        let names = try FolderListing.stems(in: path, endings: [".json"])
        guard !names.isEmpty else {
            throw EvaluationError(
                .missingInput, "\(path): there is neither results.json nor a file of entries")
        }
        return names.sorted(by: precedesNaturally).map { "\(path)/\($0).json" }
    }
}

private struct Reader {
    private(set) var path = ""
    let annotations: VideoAnnotations
    var tracks: [VideoResults.Track] = []
    var problems: [String] = []
    private var index = 0
    private var seen: [Int: Int] = [:]
    private var repetitions = 0
    private var firstRepetition: (path: String, index: Int, of: Int)?

    init(annotations: VideoAnnotations) {
        self.annotations = annotations
    }

    /// Reads a file of entries.
    mutating func read(_ file: String) throws {
        (path, index, seen) = (file, 0, [:])
        try readJSON(path) { scanner in
            guard scanner.peek() == UInt8(ascii: "[") else {
                throw scanner.fail("results are a list of entries, \(scanner.found())")
            }
            try scanner.array { scanner in
                do {
                    try readEntry(&scanner)
                } catch let problem as JSONScanner.Problem {
                    throw JSONScanner.Problem(
                        message: "[\(index)]: \(problem.message)", position: problem.position)
                }
            }
        }
    }

    mutating func readEntry(_ scanner: inout JSONScanner) throws {
        var (videoID, categoryID, score): (Int?, Int?, Double?)
        var segmentations: [SegmentationJSON]?
        try scanner.object { scanner, key in
            switch key {
            case "video_id": videoID = try scanner.integer("a video_id")
            case "category_id": categoryID = try scanner.integer("a category_id")
            case "score": score = try scanner.double()
            case "segmentations": segmentations = try SegmentationJSON.list(&scanner)
            default: try scanner.skipValue()
            }
        }
        defer { index += 1 }
        let origin = "\(path): [\(index)]"
        let missing = [
            ("video_id", videoID == nil), ("category_id", categoryID == nil),
            ("score", score == nil), ("segmentations", segmentations == nil),
        ].filter(\.1).map(\.0)
        guard let videoID, let categoryID, let score, let segmentations else {
            problems.append("\(origin): \(missing.joined(separator: ", ")) missing")
            return
        }
        if !score.isFinite {
            problems.append("\(origin): the score is \(score), but a finite number is expected")
        }
        if annotations.category(categoryID) == nil {
            problems.append(
                "\(origin): the category \(categoryID) is not in the annotation file, which has "
                    + Self.range(annotations.categories.map(\.id)))
        }
        guard let video = annotations.video(videoID) else {
            problems.append(
                "\(origin): the video \(videoID) is not in the annotation file, which has "
                    + Self.range(annotations.videos.map(\.id)))
            return
        }
        let before = problems.count
        let masks = video.masks(segmentations, origin: origin, problems: &problems)
        guard before == problems.count else { return }
        let track = VideoResults.Track(
            video: videoID, category: categoryID, score: score, masks: masks)
        noteRepetition(of: track)
        tracks.append(track)
    }

    private mutating func noteRepetition(of track: VideoResults.Track) {
        var hasher = Hasher()
        hasher.combine(track.video)
        hasher.combine(track.category)
        hasher.combine(track.score)
        hasher.combine(track.masks)
        let first = seen.updateValue(index, forKey: hasher.finalize())
        guard let first, track.masks.contains(where: { $0 != nil }) else { return }
        repetitions += 1
        if firstRepetition == nil { firstRepetition = (path, index, first) }
    }

    var remarks: [String] {
        guard let firstRepetition else { return [] }
        return [
            "\(firstRepetition.path): [\(firstRepetition.index)] repeats [\(firstRepetition.of)]"
                + (repetitions > 1 ? ", and \(repetitions - 1) more entries repeat others" : "")
                + "; all are counted, as by the official code."
        ]
    }

    private static func range(_ sorted: [Int]) -> String {
        guard let first = sorted.first, let last = sorted.last else { return "none" }
        return last - first + 1 == sorted.count
            ? "\(first) to \(last)" : "\(sorted.count) from \(first) to \(last)"
    }
}
