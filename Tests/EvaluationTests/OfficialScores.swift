import Evaluation
import Testing

/// A number in the JSON of official scores; Python's NaN is kept as a word.
struct OfficialNumber: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = (try? container.decode(Double.self)) ?? .nan
    }
}

/// The official code adds the same numbers in the same order; what is left is the last bit of a division or a mean of
/// means.
let officialTolerance = 1e-13

/// Whether two scores are the same: both not a number, or equal but for the last bits.
func isSame(_ found: Double?, _ expected: OfficialNumber?) -> Bool {
    guard let found, let expected = expected?.value else { return false }
    return found.isNaN || expected.isNaN
        ? found.isNaN && expected.isNaN : abs(found - expected) <= officialTolerance
}

/// What a metric makes of a folder of fixtures.
func report(
    of metric: String, fixtures folder: String, predictions: String = "pred", groundTruth: String,
    sequences: [String]? = nil
) throws -> EvaluationReport {
    let metric = try #require(EvaluationMetrics.named(metric))
    return try metric.evaluate(
        EvaluationRequest(
            predictions: FixtureFiles.path("\(folder)/\(predictions)"),
            groundTruth: FixtureFiles.path("\(folder)/\(groundTruth)"), sequences: sequences))
}
