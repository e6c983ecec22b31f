import FileAccess
import Masks

/// One frame's segmentation as JSON files hold it.
enum SegmentationJSON {
    case absent
    /// Runs, with the size that the file states.
    case runs(RunLengthMask)
    /// Corners of polygons; the size of the mask is that of the video.
    case polygons([[Double]])
    /// What cannot be used, and why.
    case unusable(String)

    /// Reads the segmentations of all frames.
    static func list(_ scanner: inout JSONScanner) throws -> [SegmentationJSON] {
        var result: [SegmentationJSON] = []
        try scanner.array { result.append(try SegmentationJSON(&$0)) }
        return result
    }

    private init(_ scanner: inout JSONScanner) throws {
        switch scanner.peek() {
        case UInt8(ascii: "{"): self = try Self.runs(&scanner)
        case UInt8(ascii: "["): self = try Self.polygons(&scanner)
        default:
            guard scanner.takeWord("null") else {
                throw scanner.fail(
                    "a frame's segmentation is an object of size and counts, a list of polygons, or null; "
                        + scanner.found())
            }
            self = .absent
        }
    }

    private static func polygons(_ scanner: inout JSONScanner) throws -> SegmentationJSON {
        var polygons: [[Double]] = []
        try scanner.array { scanner in
            var corners: [Double] = []
            try scanner.array { corners.append(try $0.double()) }
            polygons.append(corners)
        }
        // Python takes an empty list for no segmentation.
        return polygons.isEmpty ? .absent : .polygons(polygons)
    }

    private static func runs(_ scanner: inout JSONScanner) throws -> SegmentationJSON {
        var size: [Int]?
        var compressed: String?
        var counts: [UInt32]?
        var isEmpty = true
        try scanner.object { scanner, key in
            isEmpty = false
            switch key {
            case "size":
                var list: [Int] = []
                try scanner.array { list.append(try $0.integer("a size")) }
                size = list
            case "counts" where scanner.peek() == UInt8(ascii: "["):
                var list: [UInt32] = []
                try scanner.array { scanner in
                    let count = try scanner.integer("a run's length")
                    guard let count = UInt32(exactly: count) else {
                        throw scanner.fail("\(count) is no run's length")
                    }
                    list.append(count)
                }
                counts = list
            case "counts": compressed = try scanner.string()
            default: try scanner.skipValue()
            }
        }
        if isEmpty { return .absent }
        guard let size, size.count == 2, size.allSatisfy({ $0 >= 0 }) else {
            return .unusable("has no 'size' of [height, width]")
        }
        do {
            if let compressed {
                return .runs(
                    try RunLengthMask(height: size[0], width: size[1], compressed: compressed))
            }
            guard let counts else { return .unusable("has no 'counts'") }
            return .runs(try RunLengthMask(height: size[0], width: size[1], counts: counts))
        } catch let error as RunLengthError {
            return .unusable("is damaged: \(error)")
        }
    }
}

extension VideoAnnotations.Video {
    /// The masks of all frames; sentences on what does not fit this video are added to `problems`.
    func masks(
        _ segmentations: [SegmentationJSON], origin: String, problems: inout [String]
    ) -> [RunLengthMask?] {
        guard segmentations.count == frameCount else {
            problems.append(
                "\(origin): there are \(segmentations.count) segmentations, but video \(id) has \(frameCount) frames; "
                    + "give one a frame, null where the object is absent")
            return []
        }
        return segmentations.enumerated().map { frame, segmentation -> RunLengthMask? in
            do {
                switch segmentation {
                case .absent: return nil
                case .runs(let mask) where mask.height == height && mask.width == width:
                    return mask
                case .runs(let mask):
                    problems.append(
                        "\(origin).segmentations[\(frame)]: the mask's size is [\(mask.height), \(mask.width)], "
                            + "that of video \(id) is [\(height), \(width)]")
                case .polygons(let polygons):
                    return try RunLengthMask(height: height, width: width, polygons: polygons)
                case .unusable(let reason):
                    problems.append("\(origin).segmentations[\(frame)]: the mask \(reason)")
                }
            } catch {
                problems.append("\(origin).segmentations[\(frame)]: \(error)")
            }
            return nil
        }
    }
}
