/// One way of scoring predictions against ground truth: what an official script computes.
///
/// A metric is one type in one file, listed in ``EvaluationMetrics/all``.
public protocol EvaluationMetric: Sendable {
    /// What the command line calls it, for example `davis17`.
    var name: String { get }

    /// What it is, in a few words.
    var title: String { get }

    /// The official code whose numbers are reproduced.
    var officialCode: String { get }

    /// What the predictions are and how they lie on disk, in a sentence.
    var predictions: String { get }

    /// What the ground truth is and how it lies on disk, in a sentence.
    var groundTruth: String { get }

    /// What a reader of the numbers must know: where the script differs from the published definition or from what one
    /// would expect, a sentence each.
    var remarks: [String] { get }

    /// Checks that the inputs fit each other, then scores them.
    ///
    /// - Throws: ``EvaluationError`` that names every entry that is wrong; nothing is scored then.
    func evaluate(_ request: EvaluationRequest) throws -> EvaluationReport
}

/// What is to be scored.
public struct EvaluationRequest: Sendable {
    /// The folder or file of the predictions.
    public var predictions: String

    /// The folder or file of the ground truth.
    public var groundTruth: String

    /// The part of the data set, where the ground truth is a whole data set with lists of its parts: `val`, ...
    public var split: String?

    /// The sequences that are scored, in this order; nil for all of the part or folder.
    public var sequences: [String]?

    /// A request to score everything at `predictions` against everything at `groundTruth`.
    public init(
        predictions: String, groundTruth: String, split: String? = nil, sequences: [String]? = nil
    ) {
        self.predictions = predictions
        self.groundTruth = groundTruth
        self.split = split
        self.sequences = sequences
    }
}
