import Evaluation
import Testing

/// J and F against the official DAVIS code, on synthetic sequences: empty masks, lone pixels, void, late and missing
/// objects, one and two frames, proposals of every kind.
@Suite struct DAVISTests {
    private struct Expected: Decodable {
        let table: [String: OfficialNumber]
        let sequences: [String: Sequence]

        struct Sequence: Decodable {
            let objects: [Object]
        }

        struct Object: Decodable {
            let regions: [OfficialNumber]
            let boundaries: [OfficialNumber]
            let statistics: [OfficialNumber]

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: Key.self)
                regions = try values.decode([OfficialNumber].self, forKey: .regions)
                boundaries = try values.decode([OfficialNumber].self, forKey: .boundaries)
                statistics = try Key.statistics.map {
                    try values.decode(OfficialNumber.self, forKey: $0)
                }
            }
        }

        enum Key: String, CodingKey {
            case regions = "J"
            case boundaries = "F"
            case regionMean = "J_mean"
            case regionRecall = "J_recall"
            case regionDecay = "J_decay"
            case boundaryMean = "F_mean"
            case boundaryRecall = "F_recall"
            case boundaryDecay = "F_decay"

            static let statistics: [Key] = [
                .regionMean, .regionRecall, .regionDecay, .boundaryMean, .boundaryRecall,
                .boundaryDecay,
            ]
        }
    }

    @Test(arguments: [("davis17", "davis17-semi"), ("davis17-unsupervised", "davis17-unsup")])
    func everyObjectAgreesWithTheOfficialCode(metric: String, folder: String) throws {
        let expected = try FixtureFiles.decode(Expected.self, "\(folder)/expected.json")
        let report = try report(of: metric, fixtures: folder, groundTruth: "DAVIS")
        let objects = try #require(report.table("object"))
        let frames = try #require(report.frames)
        var seen = 0
        for (name, sequence) in expected.sequences {
            for (index, object) in sequence.objects.enumerated() {
                let row = try #require(objects["\(name)_\(index + 1)"])
                for (found, expected) in zip(row, object.statistics) {
                    #expect(isSame(found, expected), "\(name)_\(index + 1)")
                }
                // Unsupervised rows follow the proposals and name the object that each was matched to.
                let id = row.count > 6 ? Int(row[6]) : index + 1
                let rows = frames.rows.filter { $0.sequence == name && $0.object == id }
                #expect(rows.count == object.regions.count)
                for (place, row) in rows.enumerated() {
                    #expect(isSame(row.values[0], object.regions[place]), "\(name) \(row.frame)")
                    #expect(isSame(row.values[1], object.boundaries[place]), "\(name) \(row.frame)")
                }
                seen += 1
            }
        }
        #expect(objects.rows.count == seen)
        for (name, value) in expected.table {
            let words = name.replacing("-", with: " ").split(separator: " ")
            #expect(isSame(report["\(words[0]) \(words[1].lowercased())"], value), "\(name)")
        }
    }

    @Test func objectsThatAppearLaterAreNamed() throws {
        let report = try report(of: "davis17", fixtures: "davis17-semi", groundTruth: "DAVIS")
        #expect(
            report.ignored == ["late-object: object 2 of the ground truth, not in its first frame"])
    }

    private struct Expected2016: Decodable {
        let table: [String: OfficialNumber]
        let sequences: [String: Expected.Object]
    }

    @Test func oneObjectAgreesWithTheToolkitOf2016() throws {
        let expected = try FixtureFiles.decode(Expected2016.self, "davis16/expected.json")
        let report = try report(of: "davis16", fixtures: "davis16", groundTruth: "DAVIS")
        let sequences = try #require(report.table("sequence"))
        #expect(sequences.rows.count == expected.sequences.count)
        for (name, sequence) in expected.sequences {
            let row = try #require(sequences[name])
            #expect(zip(row, sequence.statistics).allSatisfy { isSame($0, $1) }, "\(name)")
            let rows = try #require(report.frames).rows.filter { $0.sequence == name }
            // The toolkit keeps the two ends, which it does not score, as not a number.
            #expect(rows.count == sequence.regions.count - 2)
            for (place, row) in rows.enumerated() {
                #expect(isSame(row.values[0], sequence.regions[place + 1]), "\(name) \(row.frame)")
                #expect(
                    isSame(row.values[1], sequence.boundaries[place + 1]), "\(name) \(row.frame)")
            }
        }
        for (name, value) in expected.table {
            #expect(isSame(report[name.replacing("_", with: " ")], value), "\(name)")
        }
    }

    private struct ExpectedMEDVT: Decodable {
        let mean: OfficialNumber
        let sequences: [String: Sequence]

        struct Sequence: Decodable {
            let frames: [OfficialNumber]
            let mean: OfficialNumber
        }
    }

    @Test func meanOverlapAgreesWithMEDVT() throws {
        let expected = try FixtureFiles.decode(ExpectedMEDVT.self, "davis16/medvt.json")
        let report = try report(of: "davis16-medvt", fixtures: "davis16", groundTruth: "DAVIS")
        #expect(isSame(report["mean IoU"], expected.mean))
        for (name, sequence) in expected.sequences {
            let rows = try #require(report.frames).rows.filter { $0.sequence == name }
            #expect(rows.count == sequence.frames.count)
            #expect(zip(rows, sequence.frames).allSatisfy { isSame($0.values[0], $1) }, "\(name)")
            #expect(isSame(report.table("sequence")?[name]?[0], sequence.mean), "\(name)")
        }
    }
}

/// Mean, recall and decay of lengths up to 513: beyond 256 frames the official code's frame numbers wrap.
@Suite struct DAVISStatisticsTests {
    private struct Case: Decodable {
        let values: [OfficialNumber]
        let mean: OfficialNumber
        let recall: OfficialNumber
        let decay: OfficialNumber
    }

    @Test(arguments: [("davis17-semi", 0), ("davis16", 1)])
    func agreeWithTheOfficialCode(folder: String, unscoredEnds: Int) throws {
        let cases = try FixtureFiles.decode([Case].self, "\(folder)/statistics.json")
        #expect(cases.contains { $0.values.count - 2 * unscoredEnds > 256 })
        for expected in cases {
            let values = expected.values.dropFirst(unscoredEnds).dropLast(unscoredEnds)
            let found = DAVISStatistics(values.map(\.value))
            let count = values.count
            #expect(isSame(found.mean, expected.mean), "\(count) frames")
            #expect(isSame(found.recall, expected.recall), "\(count) frames")
            #expect(isSame(found.decay, expected.decay), "\(count) frames")
        }
    }
}
