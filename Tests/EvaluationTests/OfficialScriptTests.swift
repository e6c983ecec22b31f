import Evaluation
import Foundation
import Testing

/// Metrics of dense and panoptic labels against the values that the official Python gave on the same images.
@Suite struct OfficialScriptTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let metric: String
        let folder: String
        let predictions: String
        let groundTruth: String
        /// Sums in another order: a few units in the last place. Scripts that count in single precision are further off.
        let tolerance: Double

        var testDescription: String { metric }
    }

    private struct Expected: Decodable {
        var overall: [String: Double]?
        var stq: [String: Double]?
        var avs: [String: Double]?
        var batches: [String: Double]?

        enum CodingKeys: String, CodingKey {
            case overall, stq, avs
            case batches = "avs-medvt"
        }

        func values(of metric: String) -> [String: Double]? {
            switch metric {
            case "avs": avs
            case "avs-medvt": batches
            default: metric.hasPrefix("stq") ? stq : overall
            }
        }
    }

    static let cases = [
        Case(
            metric: "vspw", folder: "vspw", predictions: "pred", groundTruth: "gt",
            tolerance: 1e-12),
        Case(
            metric: "vpq-cityscapes", folder: "vpq-cityscapes", predictions: "pred",
            groundTruth: "gt/panoptic_gt_val_city_vps.json", tolerance: 1e-12),
        Case(
            metric: "vpq-vipseg", folder: "vipseg", predictions: "pred",
            groundTruth: "gt/panoptic_gt_VIPSeg_val.json", tolerance: 1e-12),
        Case(
            metric: "stq-vipseg", folder: "vipseg", predictions: "pred",
            groundTruth: "gt/panoptic_gt_VIPSeg_val.json", tolerance: 1e-12),
        Case(
            metric: "stq-kitti-step", folder: "stq-kitti-step", predictions: "pred",
            groundTruth: "gt", tolerance: 1e-6),
        Case(
            metric: "stq-motchallenge-step", folder: "stq-motchallenge-step", predictions: "pred",
            groundTruth: "gt", tolerance: 1e-6),
        Case(
            metric: "avs", folder: "avs", predictions: "pred", groundTruth: "gt", tolerance: 1e-6),
        Case(
            metric: "avs-medvt", folder: "avs", predictions: "pred", groundTruth: "gt",
            tolerance: 1e-6),
    ]

    @Test(arguments: cases)
    func overallNumbersAgree(_ one: Case) throws {
        let metric = try #require(EvaluationMetrics.named(one.metric))
        let report = try metric.evaluate(
            EvaluationRequest(
                predictions: FixtureFiles.path("\(one.folder)/\(one.predictions)"),
                groundTruth: FixtureFiles.path("\(one.folder)/\(one.groundTruth)")))
        let expected = try #require(
            try FixtureFiles.decode(Expected.self, "\(one.folder)/expected.json")
                .values(of: one.metric))
        #expect(!expected.isEmpty)
        for (name, value) in expected {
            let score = try #require(report[name], "\(name)")
            #expect(abs(score - value) <= one.tolerance, "\(name): \(score), not \(value)")
        }
    }

    private struct Parts: Decodable {
        let per: [String: [Double]]
    }

    @Test(arguments: ["stq-vipseg", "stq-kitti-step", "stq-motchallenge-step"])
    func sequencesAgree(_ name: String) throws {
        let one = try #require(Self.cases.first { $0.metric == name })
        let metric = try #require(EvaluationMetrics.named(name))
        let report = try metric.evaluate(
            EvaluationRequest(
                predictions: FixtureFiles.path("\(one.folder)/\(one.predictions)"),
                groundTruth: FixtureFiles.path("\(one.folder)/\(one.groundTruth)")))
        let expected = try FixtureFiles.decode(Parts.self, "\(one.folder)/expected.json").per
        let table = try #require(report.table("sequence"))
        #expect(table.rows.count == expected.count)
        for row in table.rows {
            let values = try #require(expected[row.name])
            for (value, wanted) in zip(row.values, values) {
                #expect(abs(value - wanted) <= one.tolerance, "\(row.name)")
            }
        }
    }

    private struct Videos: Decodable {
        let per: [String: [String: Double?]]
    }

    @Test func videosOfVSPWAgree() throws {
        let metric = try #require(EvaluationMetrics.named("vspw"))
        let report = try metric.evaluate(
            EvaluationRequest(
                predictions: FixtureFiles.path("vspw/pred"),
                groundTruth: FixtureFiles.path("vspw/gt")))
        let expected = try FixtureFiles.decode(Videos.self, "vspw/expected.json").per
        let table = try #require(report.table("sequence"))
        for row in table.rows {
            for (column, value) in zip(table.columns, row.values) {
                if let wanted = expected[row.name]?[column] ?? nil {
                    #expect(abs(value - wanted) <= 1e-12, "\(row.name) \(column)")
                } else {
                    #expect(value.isNaN, "\(row.name) \(column)")
                }
            }
        }
    }
}
