import FileAccess
import Masks
import Media

extension VideoAnnotations {
    /// Reads an annotation file.
    ///
    /// Masks may be compressed or plain runs or polygons.
    ///
    /// - Throws: ``EvaluationError`` that names each entry that is wrong.
    public init(contentsOf path: String) throws {
        var file = File(path: path)
        try readJSON(path) { scanner in
            try scanner.object { scanner, key in
                switch key {
                case "videos": try scanner.array { try file.readVideo(&$0) }
                case "categories": try scanner.array { try file.readCategory(&$0) }
                case "annotations" where !scanner.takeWord("null"):
                    file.tracks = file.tracks ?? []
                    try scanner.array { try file.readTrack(&$0) }
                default: if key != "annotations" { try scanner.skipValue() }
                }
            }
        }
        self = try file.annotations()
    }

    /// The video of that id.
    func video(_ id: Int) -> Video? { Self.find(id, in: videos, by: \.id) }

    /// The category of that id.
    func category(_ id: Int) -> Category? { Self.find(id, in: categories, by: \.id) }

    private static func find<Element>(
        _ id: Int, in sorted: [Element], by key: (Element) -> Int
    ) -> Element? {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if key(sorted[middle]) < id { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && key(sorted[low]) == id ? sorted[low] : nil
    }
}

/// What an annotation file holds, before its parts, which come in any order, are put together.
private struct File {
    let path: String
    var videos: [VideoAnnotations.Video] = []
    var categories: [VideoAnnotations.Category] = []
    var tracks: [TrackJSON]?

    struct TrackJSON {
        var id: Int?
        var video: Int?
        var category: Int?
        var isCrowd = false
        var areas: [Double?]?
        var segmentations: [SegmentationJSON]?
    }

    mutating func readVideo(_ scanner: inout JSONScanner) throws {
        var (id, height, width, length): (Int?, Int?, Int?, Int?)
        var files: [String] = []
        try scanner.object { scanner, key in
            switch key {
            case "id": id = try scanner.integer("a video's id")
            case "height": height = try scanner.count("a video's height")
            case "width": width = try scanner.count("a video's width")
            case "length": length = try scanner.count("a video's length")
            case "file_names": try scanner.array { files.append(try $0.string()) }
            default: try scanner.skipValue()
            }
        }
        guard let id, let height, let width, let count = files.isEmpty ? length : files.count else {
            throw scanner.fail(
                "a video needs id, height, width and length or file_names; videos[\(videos.count)] lacks one"
            )
        }
        guard 1...1 << 20 ~= height, 1...1 << 20 ~= width else {
            throw scanner.fail("video \(id) is \(width)x\(height), which is no size of a video")
        }
        let folder = files.first?.split(separator: "/").dropLast().last.map(String.init)
        videos.append(
            VideoAnnotations.Video(
                id: id, height: height, width: width, frameCount: count,
                name: printable(folder ?? String(id)), fileNames: files))
    }

    mutating func readCategory(_ scanner: inout JSONScanner) throws {
        var id: Int?
        var name: String?
        try scanner.object { scanner, key in
            switch key {
            case "id": id = try scanner.integer("a category's id")
            case "name": name = printable(try scanner.string())
            default: try scanner.skipValue()
            }
        }
        guard let id else {
            throw scanner.fail("categories[\(categories.count)] has no id")
        }
        categories.append(VideoAnnotations.Category(id: id, name: name ?? String(id)))
    }

    mutating func readTrack(_ scanner: inout JSONScanner) throws {
        var track = TrackJSON()
        try scanner.object { scanner, key in
            switch key {
            case "id": track.id = try scanner.integer("an annotation's id")
            case "video_id": track.video = try scanner.integer("an annotation's video_id")
            case "category_id": track.category = try scanner.integer("an annotation's category_id")
            case "iscrowd":
                if scanner.takeWord("true") {
                    track.isCrowd = true
                } else if !scanner.takeWord("false") {
                    track.isCrowd = try scanner.double() != 0
                }
            case "areas":
                var areas: [Double?] = []
                try scanner.array { areas.append($0.takeWord("null") ? nil : try $0.double()) }
                track.areas = areas
            case "segmentations": track.segmentations = try SegmentationJSON.list(&scanner)
            default: try scanner.skipValue()
            }
        }
        tracks?.append(track)
    }

    func annotations() throws -> VideoAnnotations {
        var problems: [String] = []
        var ignored: [String] = []
        let videos = sorted(videos, by: \.id, what: "video", &problems)
        let categories = sorted(categories, by: \.id, what: "category", &problems)
        if videos.isEmpty { problems.append("\(path): there are no videos in it") }
        if categories.isEmpty { problems.append("\(path): there are no categories in it") }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        let empty = VideoAnnotations(
            videos: videos, categories: categories, tracks: nil, ignored: [])
        guard let tracks else { return empty }

        var result: [VideoAnnotations.Track] = []
        var ids: Set<Int> = []
        for (index, track) in tracks.enumerated() {
            let origin = "\(path): annotations[\(index)]"
            guard let id = track.id, let video = track.video, let category = track.category,
                let segmentations = track.segmentations
            else {
                problems.append(
                    "\(origin): one of id, video_id, category_id and segmentations is missing")
                continue
            }
            if !ids.insert(id).inserted {
                problems.append("\(origin): the id \(id) is another annotation's too")
            }
            // The official code looks annotations up by the videos and categories that the file lists.
            guard let found = empty.video(video) else {
                ignored.append("\(origin): its video \(video) is not among the file's videos")
                continue
            }
            guard empty.category(category) != nil else {
                ignored.append(
                    "\(origin): its category \(category) is not among the file's categories")
                continue
            }
            let masks = found.masks(segmentations, origin: origin, problems: &problems)
            let areas = track.areas ?? masks.map { $0.map { Double($0.area) } }
            result.append(
                VideoAnnotations.Track(
                    id: id, video: video, category: category, isCrowd: track.isCrowd,
                    meanArea: mean(of: areas), masks: masks))
        }
        guard problems.isEmpty else { throw EvaluationError(problems: problems) }
        return VideoAnnotations(
            videos: videos, categories: categories, tracks: result, ignored: ignored)
    }

    private func sorted<Element>(
        _ elements: [Element], by id: (Element) -> Int, what: String, _ problems: inout [String]
    ) -> [Element] {
        let result = elements.sorted { id($0) < id($1) }
        for (element, next) in zip(result, result.dropFirst()) where id(element) == id(next) {
            problems.append("\(path): two entries have the \(what) id \(id(element))")
        }
        return result
    }
}

/// The mean over the frames in which there is an area; 0 where there is none (`avg_area`). An area of 0 does not
/// count, as Python takes it for none.
func mean(of areas: [Double?]) -> Double {
    let present = areas.compactMap { $0 }.filter { $0 != 0 }
    return present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
}

/// Reads a JSON file and hands its text to `body`; what is wrong with it becomes an ``EvaluationError``.
func readJSON(_ path: String, _ body: (inout JSONScanner) throws -> Void) throws {
    var scanner = JSONScanner(try FileBytes.read(path, limit: 64 << 30))
    do {
        try body(&scanner)
        scanner.skipWhitespace()
        guard scanner.isAtEnd else { throw scanner.fail("more text follows the document") }
    } catch let problem as JSONScanner.Problem {
        throw EvaluationError(
            .badData,
            "\(path): it cannot be read at byte \(problem.position): \(problem.message)")
    }
}
