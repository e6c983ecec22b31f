import Kernels

extension RunLengthMask {
    /// How far, in pixels, a corner may lie from the image's own.
    private static let farthest = 1 << 20

    /// The mask of the pixels inside any of the polygons, as COCO's tools rasterise them.
    ///
    /// - Parameter polygons: the corners of each, x and y in turn, in pixels; 0 is the image's edge.
    /// - Throws: ``RunLengthError``.
    public init(height: Int, width: Int, polygons: [[Double]]) throws {
        guard height >= 0, width >= 0, height <= Self.farthest, width <= Self.farthest,
            height * width <= Self.mostPixels
        else { throw RunLengthError.unusableSize(height: height, width: width) }
        self = try polygons.reduce(RunLengthMask(emptyOfHeight: height, width: width)) {
            $0.union(try RunLengthMask(height: height, width: width, polygon: $1))
        }
    }

    private init(height: Int, width: Int, polygon: [Double]) throws {
        guard polygon.count >= 6, polygon.count % 2 == 0 else {
            throw RunLengthError.malformedPolygon(
                reason: "has \(polygon.count) numbers; expected x and y of three corners or more")
        }
        guard polygon.allSatisfy({ abs($0) <= Double(Self.farthest) }) else {
            throw RunLengthError.malformedPolygon(
                reason: "has a corner more than \(Self.farthest) pixels away from the image")
        }
        let outline = PolygonOutline(polygon)
        var runs = RunLengths()
        // Each crossing turns over all pixels from there on.
        for position in outline.crossings(height: height, width: width).sorted() {
            runs.toggle(at: position)
        }
        self.init(
            height: height, width: width, uncheckedCounts: runs.finish(at: height * width))
    }
}

/// The outline of a polygon as points on a grid of a fifth of a pixel (`rleFrPoly` of pycocotools).
private struct PolygonOutline {
    private static let scale = 5.0

    private var points: [(x: Int, y: Int)] = []

    init(_ polygon: [Double]) {
        let corners = stride(from: 0, to: polygon.count, by: 2).map {
            (x: Int(Self.scale * polygon[$0] + 0.5), y: Int(Self.scale * polygon[$0 + 1] + 0.5))
        }
        for (index, corner) in corners.enumerated() {
            addEdge(from: corner, to: corners[(index + 1) % corners.count])
        }
    }

    /// One point for each step along the edge's longer axis, both ends included.
    private mutating func addEdge(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
        let (width, height) = (abs(end.x - start.x), abs(end.y - start.y))
        let isFlat = width >= height
        let steps = max(width, height)
        guard steps > 0 else { return points.append(start) }
        // Interpolated from the end with the smaller coordinate, whichever way the edge runs.
        let isTurned = isFlat ? start.x > end.x : start.y > end.y
        let (low, high) = isTurned ? (end, start) : (start, end)
        let slope = Double(isFlat ? high.y - low.y : high.x - low.x) / Double(steps)
        for step in 0...steps {
            let along = isTurned ? steps - step : step
            if isFlat {
                points.append((low.x + along, Int(Double(low.y) + slope * Double(along) + 0.5)))
            } else {
                points.append((Int(Double(low.x) + slope * Double(along) + 0.5), low.y + along))
            }
        }
    }

    /// Where, counted column by column, the outline crosses the middle of a column of pixels.
    func crossings(height: Int, width: Int) -> [Int] {
        zip(points, points.dropFirst()).compactMap { before, after in
            guard before.x != after.x else { return nil }
            let column =
                (Double(min(before.x, after.x - (after.x < before.x ? 0 : 1))) + 0.5)
                / Self.scale - 0.5
            guard column == column.rounded(.down), column >= 0, column <= Double(width - 1) else {
                return nil
            }
            let row = (Double(min(before.y, after.y)) + 0.5) / Self.scale - 0.5
            return Int(column) * height + Int(min(max(row, 0), Double(height)).rounded(.up))
        }
    }
}
