import Evaluation
import Foundation
import Testing

/// Average precision and recall against the official `ytvoseval`.
@Suite struct YouTubeVISTests {
    private struct Expected: Decodable {
        let stats: [Double]
        let precision: [[[[Double]]]]
        let recall: [[[[Double]]]]

        enum CodingKeys: String, CodingKey {
            case stats
            case precision = "precision_mean_over_recall_TKAM"
            case recall = "recall_TKAM"
        }
    }

    /// The sums are those of numpy in another order: a few units in the last place of double precision.
    private static let tolerance = 1e-12

    @Test(arguments: FixtureFiles.folders("youtube-vis"))
    func everyPartAgreesWithTheOfficialCode(_ name: String) throws {
        let expected = try FixtureFiles.decode(Expected.self, "youtube-vis/\(name)/expected.json")
        let annotations = try VideoAnnotations(
            contentsOf: FixtureFiles.path("youtube-vis/\(name)/gt.json"))
        let results = try VideoResults(
            contentsOf: FixtureFiles.path("youtube-vis/\(name)/results.json"), for: annotations)
        let scores = try VideoAveragePrecision(
            categories: annotations.categories, videos: annotations.videos,
            truths: try #require(annotations.tracks), predictions: results.tracks)
        for threshold in expected.precision.indices {
            for category in expected.precision[threshold].indices {
                for size in VideoAveragePrecision.Size.allCases {
                    for (place, limit) in VideoAveragePrecision.predictionLimits.enumerated() {
                        let precision = scores.precision(
                            threshold: threshold, category: category, size: size, limit: limit)
                        let recall = scores.recall(
                            threshold: threshold, category: category, size: size, limit: limit)
                        let at = (threshold, category, size.rawValue, place)
                        #expect(
                            abs(precision - expected.precision[at.0][at.1][at.2][at.3])
                                <= Self.tolerance, "precision at \(at)")
                        #expect(
                            abs(recall - expected.recall[at.0][at.1][at.2][at.3])
                                <= Self.tolerance, "recall at \(at)")
                    }
                }
            }
        }
    }

    @Test(arguments: FixtureFiles.folders("youtube-vis"))
    func summaryAgreesWithTheOfficialCode(_ name: String) throws {
        let expected = try FixtureFiles.decode(Expected.self, "youtube-vis/\(name)/expected.json")
        let report = try #require(EvaluationMetrics.named("youtube-vis")).evaluate(
            EvaluationRequest(
                predictions: FixtureFiles.path("youtube-vis/\(name)/results.json"),
                groundTruth: FixtureFiles.path("youtube-vis/\(name)/gt.json")))
        #expect(report.overall.count == expected.stats.count)
        for (score, value) in zip(report.overall, expected.stats) {
            #expect(abs(score.value - value) <= Self.tolerance, "\(score.name)")
        }
    }

    @Test(.enabled(if: FixtureFiles.shared("data/metrics/youtube-vis") != nil))
    func sharedGoldenValues() throws {
        let folder = try #require(FixtureFiles.shared("data/metrics/youtube-vis"))
        let golden = try JSONDecoder().decode(
            [String: Double].self,
            from: try #require(FileManager.default.contents(atPath: "\(folder)/golden.json")))
        let report = try #require(EvaluationMetrics.named("youtube-vis")).evaluate(
            EvaluationRequest(
                predictions: "\(folder)/results.json", groundTruth: "\(folder)/gt.json"))
        for score in report.overall {
            let name = score.name.replacing(" ", with: "_")
            let value = try #require(golden[name])
            #expect(abs(score.value - value) <= Self.tolerance, "\(name)")
        }
    }
}
