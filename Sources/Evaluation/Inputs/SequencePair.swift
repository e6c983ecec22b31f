/// A sequence whose predictions and ground truth are an image a frame each.
public struct SequencePair: Sendable {
    /// The sequence's name.
    public let name: String

    /// Its frames that are scored, in order.
    public let frames: [FramePair]

    /// The ground truth's first file, scored or not: DAVIS counts a sequence's objects on it.
    public let firstGroundTruth: String
}

/// The two files of one frame.
public struct FramePair: Sendable {
    /// The name of the sequence that it belongs to.
    public let sequence: String

    /// The frame's name: that of the ground truth's file without its ending.
    public let name: String

    /// The predicted mask's file.
    public let prediction: String

    /// The true mask's file.
    public let groundTruth: String
}

/// A metric that looks at predictions and ground truth frame by frame: what a report can show beside the scores.
public protocol FramewiseMetric: EvaluationMetric {
    /// The sequences of a request with the frames that are scored, and sentences on what is passed over.
    func sequences(of request: EvaluationRequest) throws -> (
        sequences: [SequencePair], ignored: [String]
    )

    /// Whether a mask's indices are the ground truth's objects; where not, masks are compared as object and background.
    var comparesObjects: Bool { get }
}

extension FramewiseMetric {
    /// As object and background.
    public var comparesObjects: Bool { false }
}
