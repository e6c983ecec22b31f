import FileAccess

/// A COCO-panoptic annotation file of videos: frames in order, and the segments in each.
struct PanopticAnnotations: Sendable {
    /// One segment of one frame.
    struct Segment: Sendable {
        let id: UInt32
        let category: Int
        /// What the file says that it covers; predictions need not say it.
        let area: Int?
        let isCrowd: Bool
    }

    /// What is said of one frame.
    struct Frame: Sendable {
        /// The id of its image, where it is given.
        let image: String?
        let segments: [Segment]
    }

    /// A frame's image.
    struct Image: Sendable {
        let id: String
        let file: String
    }

    /// A class.
    struct Category: Sendable {
        let id: Int
        let name: String
        let isThing: Bool
    }

    /// A video of a file that is divided into videos; a file without such a division is one nameless video.
    struct Video: Sendable {
        let id: String
        var images: [Image] = []
        var frames: [Frame] = []
    }

    let path: String
    private(set) var categories: [Category] = []
    private(set) var videos: [Video] = []

    /// Reads a file in the form of Cityscapes-VPS (a list of frames) or of VIPSeg (a list of videos).
    init(contentsOf path: String) throws {
        self.path = path
        var images: [Image] = []
        var videoImages: [Video] = []
        var annotations: [Annotation] = []
        try readJSON(path) { scanner in
            try scanner.object { scanner, key in
                switch key {
                case "categories":
                    try scanner.array { self.categories.append(try Self.category(&$0)) }
                case "images": try scanner.array { images.append(try Self.image(&$0)) }
                case "videos": try scanner.array { videoImages.append(try Self.video(&$0)) }
                case "annotations":
                    try scanner.array { annotations.append(try Annotation(&$0)) }
                default: try scanner.skipValue()
                }
            }
        }
        let frames = annotations.compactMap(\.frame)
        if !frames.isEmpty || !images.isEmpty {
            videos = [Video(id: "", images: images, frames: frames)]
            return
        }
        let imagesOf = Dictionary(
            videoImages.map { ($0.id, $0.images) }, uniquingKeysWith: { first, _ in first })
        // A prediction file need not list the images.
        let listed =
            videoImages.isEmpty ? annotations.compactMap(\.video?.id) : videoImages.map(\.id)
        let framesOf = Dictionary(
            annotations.compactMap { $0.video.map { ($0.id, $0.frames) } },
            uniquingKeysWith: { _, last in last })
        videos = listed.map {
            Video(id: $0, images: imagesOf[$0] ?? [], frames: framesOf[$0] ?? [])
        }
    }

    /// The frames of the video of that id, or nil.
    func frames(of id: String) -> [Frame]? { videos.first { $0.id == id }?.frames }

    /// An entry of `annotations`: that of a frame, or those of a video.
    private struct Annotation {
        var frame: Frame?
        var video: (id: String, frames: [Frame])?

        init(_ scanner: inout JSONScanner) throws {
            var (image, video): (String?, String?)
            var segments: [Segment]?
            var frames: [Frame] = []
            try scanner.object { scanner, key in
                switch key {
                case "image_id": image = try PanopticAnnotations.text(&scanner)
                case "video_id": video = try PanopticAnnotations.text(&scanner)
                case "segments_info":
                    segments = []
                    try scanner.array {
                        segments?.append(try PanopticAnnotations.segment(&$0))
                    }
                case "annotations":
                    try scanner.array {
                        guard let frame = try Annotation(&$0).frame else {
                            throw $0.fail("a frame of a video has no segments_info")
                        }
                        frames.append(frame)
                    }
                default: try scanner.skipValue()
                }
            }
            if let segments {
                frame = Frame(image: image, segments: segments)
            } else if let video {
                self.video = (video, frames)
            } else {
                throw scanner.fail("an annotation has neither segments_info nor video_id")
            }
        }
    }

    private static func segment(_ scanner: inout JSONScanner) throws -> Segment {
        var (id, category, area): (Int?, Int?, Int?)
        var isCrowd = false
        try scanner.object { scanner, key in
            switch key {
            case "id": id = try scanner.integer("a segment's id")
            case "category_id": category = try scanner.integer("a segment's category_id")
            case "area": area = try scanner.integer("a segment's area")
            case "iscrowd": isCrowd = try scanner.integer("iscrowd") == 1
            default: try scanner.skipValue()
            }
        }
        guard let id, let category else {
            throw scanner.fail("a segment needs id and category_id, one is missing")
        }
        guard let small = UInt32(exactly: id), small < 1 << 24 else {
            throw scanner.fail("the segment id \(id) does not fit into a colour")
        }
        return Segment(id: small, category: category, area: area, isCrowd: isCrowd)
    }

    private static func category(_ scanner: inout JSONScanner) throws -> Category {
        var (id, name, isThing): (Int?, String?, Bool?)
        try scanner.object { scanner, key in
            switch key {
            case "id": id = try scanner.integer("a category's id")
            case "name": name = printable(try scanner.string())
            case "isthing": isThing = try scanner.integer("isthing") == 1
            default: try scanner.skipValue()
            }
        }
        guard let id, let isThing else {
            throw scanner.fail("a category needs id and isthing, one is missing")
        }
        return Category(id: id, name: name ?? String(id), isThing: isThing)
    }

    private static func image(_ scanner: inout JSONScanner) throws -> Image {
        var (id, file): (String?, String?)
        try scanner.object { scanner, key in
            switch key {
            case "id": id = try text(&scanner)
            case "file_name": file = try scanner.string()
            default: try scanner.skipValue()
            }
        }
        guard let id, let file else {
            throw scanner.fail("an image needs id and file_name, one is missing")
        }
        return Image(id: id, file: file)
    }

    private static func video(_ scanner: inout JSONScanner) throws -> Video {
        var id: String?
        var images: [Image] = []
        try scanner.object { scanner, key in
            switch key {
            case "video_id": id = try text(&scanner)
            case "images": try scanner.array { images.append(try image(&$0)) }
            default: try scanner.skipValue()
            }
        }
        guard let id else { throw scanner.fail("a video needs video_id") }
        return Video(id: id, images: images)
    }

    /// An id, which may be a string or a number.
    private static func text(_ scanner: inout JSONScanner) throws -> String {
        scanner.peek() == UInt8(ascii: "\"")
            ? try scanner.string() : String(try scanner.integer("an id"))
    }
}
