import Foundation
import Masks
import Tensor
import Testing

/// Masks, areas, boxes and polygons as pycocotools has them: exact, since everything is a whole number.
@Suite struct CocoGoldenTests {
    @Test func masks() throws {
        for golden in try Golden.load().masks {
            let mask = RunLengthMask(golden.bitmap)
            #expect(mask.compressed == golden.counts, "\(golden.name) of \(golden.size)")
            #expect(mask.area == golden.area)
            #expect(mask.isEmpty == (golden.area == 0))
            #expect(mask.boundingBox == golden.pixelBox)
            let decoded = try golden.mask()
            #expect(decoded == mask)
            #expect(decoded.bitmap == golden.bitmap)
        }
    }

    @Test func areasOfPairs() throws {
        let golden = try Golden.load()
        let masks = try golden.masks.map { try $0.mask() }
        for pair in golden.pairs {
            let (first, second) = (masks[pair.first], masks[pair.second])
            #expect(first.intersectionArea(second) == pair.intersection)
            #expect(second.intersectionArea(first) == pair.intersection)
            #expect(first.unionArea(second) == pair.union)
            #expect(first.union(second).compressed == pair.merged)
            #expect(first.intersection(second).compressed == pair.common)
        }
    }

    @Test func polygons() throws {
        for golden in try Golden.load().polygons {
            let mask = try RunLengthMask(
                height: golden.size[0], width: golden.size[1], polygons: golden.polygons)
            // Runs that pycocotools leaves empty are joined: compared as masks.
            let expected = try RunLengthMask(
                height: golden.size[0], width: golden.size[1], compressed: golden.counts)
            #expect(mask == expected, "\(golden.polygons)")
        }
    }

    @Test func runsOfNoPixels() throws {
        for golden in try Golden.load().odd {
            let runs = try RunLengthMask(
                height: golden.size[0], width: golden.size[1], counts: golden.runs)
            let string = try RunLengthMask(
                height: golden.size[0], width: golden.size[1], compressed: golden.counts)
            #expect(runs == string)
            #expect(runs.compressed == golden.canonical, "\(golden.runs)")
            #expect(runs.area == golden.area)
        }
    }

    @Test func masksOfAVideo() throws {
        for golden in try Golden.file("sa-v", as: Golden.Video.self).masks {
            let mask = try golden.mask()
            #expect(mask.area == golden.area)
            #expect(mask.boundingBox == golden.pixelBox)
            #expect(mask.compressed == golden.counts)
            #expect(RunLengthMask(mask.bitmap) == mask)
        }
    }
}

/// What `Fixtures` holds.
private struct Golden: Decodable {
    struct Mask: Decodable {
        let size: [Int]
        let counts: String
        let area: Int
        let box: [Int]

        func mask() throws -> RunLengthMask {
            try RunLengthMask(height: size[0], width: size[1], compressed: counts)
        }

        /// COCO writes zeros where there is no pixel.
        var pixelBox: PixelBox? {
            area == 0 ? nil : PixelBox(x: box[0], y: box[1], width: box[2], height: box[3])
        }
    }

    struct Video: Decodable {
        let masks: [Mask]
    }

    @dynamicMemberLookup
    struct Picture: Decodable {
        let name: String
        let golden: Mask
        let bitmap: Tensor<Bool>

        private enum Key: String, CodingKey { case name, rows }

        init(from decoder: any Decoder) throws {
            golden = try Mask(from: decoder)
            let values = try decoder.container(keyedBy: Key.self)
            name = try values.decode(String.self, forKey: .name)
            let rows = try values.decode([String].self, forKey: .rows)
            bitmap = Tensor(rows.joined().map { $0 == "#" }, shape: golden.size)
        }

        subscript<Value>(dynamicMember path: KeyPath<Mask, Value>) -> Value {
            golden[keyPath: path]
        }

        func mask() throws -> RunLengthMask { try golden.mask() }
    }

    struct Pair: Decodable {
        let first: Int
        let second: Int
        let intersection: Int
        let union: Int
        let merged: String
        let common: String
    }

    struct Shape: Decodable {
        let size: [Int]
        let polygons: [[Double]]
        let counts: String
    }

    struct Odd: Decodable {
        let size: [Int]
        let runs: [UInt32]
        let counts: String
        let canonical: String
        let area: Int
    }

    let masks: [Picture]
    let pairs: [Pair]
    let polygons: [Shape]
    let odd: [Odd]

    static func load() throws -> Golden { try file("pycocotools", as: Golden.self) }

    static func file<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let url = try #require(
            Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        return try JSONDecoder().decode(type, from: try Data(contentsOf: url))
    }
}
