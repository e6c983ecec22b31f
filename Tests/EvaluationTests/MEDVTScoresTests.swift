import Evaluation
import Testing

/// MED-VT's own evaluations against its scripts.
@Suite struct MEDVTScoresTests {
    private struct MoCAExpected: Decodable {
        let frames: [String: [OfficialNumber]]
        let mean: OfficialNumber
        let table: [Row]

        struct Row: Decodable {
            let name: String
            let all: OfficialNumber
            let locomotion: OfficialNumber
            let deformation: OfficialNumber
            let still: OfficialNumber

            enum CodingKeys: String, CodingKey {
                case name = "Seq_name"
                case all = "All_motion_IoU"
                case locomotion = "Locomotion_IoU"
                case deformation = "Deformation_IoU"
                case still = "Static_IoU"
            }
        }

        enum CodingKeys: String, CodingKey {
            case frames = "frame_ious"
            case mean = "mean_iou"
            case table
        }
    }

    @Test func boxesAgreeWithMoCAsScript() throws {
        let expected = try FixtureFiles.decode(MoCAExpected.self, "moca/expected.json")
        let report = try report(of: "moca", fixtures: "moca", groundTruth: "")
        #expect(isSame(report["mean IoU"], expected.mean))
        for (name, frames) in expected.frames {
            let rows = try #require(report.frames).rows.filter { $0.sequence == name }
            #expect(rows.count == frames.count)
            #expect(zip(rows, frames).allSatisfy { isSame($0.values[0], $1) }, "\(name)")
        }
        for row in expected.table {
            let found = try #require(report.table("video")?[row.name])
            let columns = [row.all, row.locomotion, row.deformation, row.still]
            for (found, expected) in zip(found, columns) {
                // The script writes -1 where a video has no frame of a motion.
                #expect(found.isNaN ? expected.value == -1 : isSame(found, expected), "\(row.name)")
            }
        }
        // The script prints three digits.
        let printed = [0.800, 0.680, 0.680, 0.600, 0.560]
        for (score, printed) in zip(report.overall.dropFirst(), printed) {
            #expect(abs(score.value - printed) <= 0.0005)
        }
        #expect(report.ignored.count == 2, "\(report.ignored)")
    }

    private struct ObjectsExpected: Decodable {
        let frames: [String: [String: [OfficialNumber]]]
        let classes: [String: OfficialNumber]
        let mean: OfficialNumber
    }

    @Test func classesAgreeWithYouTubeObjects() throws {
        let expected = try FixtureFiles.decode(
            ObjectsExpected.self, "youtube-objects/expected.json")
        let report = try report(
            of: "youtube-objects", fixtures: "youtube-objects", groundTruth: "data")
        #expect(isSame(report["mean IoU"], expected.mean))
        for (name, value) in expected.classes {
            #expect(isSame(report.table("class")?[name]?[0], value), "\(name)")
            for (sequence, frames) in try #require(expected.frames[name]) {
                let rows = try #require(report.frames).rows
                    .filter { $0.sequence.hasPrefix("\(name)/\(sequence)/") }
                #expect(rows.count == frames.count)
                #expect(zip(rows, frames).allSatisfy { isSame($0.values[0], $1) }, "\(name)")
            }
        }
    }

    private struct A2DExpected: Decodable {
        let videos: [String: Video]
        let mean: OfficialNumber
        let meanOfNumbers: OfficialNumber
        let pooled: Pooled

        struct Video: Decodable {
            let frames: [Frame]
        }

        struct Frame: Decodable {
            let share: OfficialNumber

            enum CodingKeys: String, CodingKey { case share = "new_iou" }
        }

        struct Pooled: Decodable {
            let accuracy: OfficialNumber
            let classAccuracy: OfficialNumber
            let overlap: OfficialNumber

            enum CodingKeys: String, CodingKey {
                case accuracy = "global_accuracy"
                case classAccuracy = "class_accuracy_present_in_truth"
                case overlap = "mean_iou_present_in_truth"
            }
        }

        enum CodingKeys: String, CodingKey {
            case videos, mean
            case meanOfNumbers = "mean_without_vid_d"
            case pooled = "pooled_not_official"
        }
    }

    @Test func actorsAndActionsAgree() throws {
        let expected = try FixtureFiles.decode(A2DExpected.self, "a2d/expected.json")
        let report = try report(of: "a2d", fixtures: "a2d", groundTruth: "gt")
        // A frame without any foreground makes the script's mean not a number.
        #expect(isSame(report["IoU, MED-VT"], expected.mean))
        for (name, video) in expected.videos {
            let rows = try #require(report.frames).rows.filter { $0.sequence == name }
            #expect(
                zip(rows, video.frames).allSatisfy { isSame($0.values[0], $1.share) }, "\(name)")
        }
        #expect(isSame(report["pixel accuracy, pooled"], expected.pooled.accuracy))
        #expect(isSame(report["class mean accuracy, pooled"], expected.pooled.classAccuracy))
        #expect(isSame(report["class mean IoU, pooled"], expected.pooled.overlap))
        let some = try EvaluationTests.report(
            of: "a2d", fixtures: "a2d", groundTruth: "gt", sequences: ["vid_a", "vid_b", "vid_c"])
        #expect(isSame(some["IoU, MED-VT"], expected.meanOfNumbers))
    }
}
