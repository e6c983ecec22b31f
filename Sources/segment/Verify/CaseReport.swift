/// What became of one tensor of a reference case.
struct StageReport: Encodable {
    let name: String

    /// The largest absolute difference; `nil` where there was nothing of the same shape to compare.
    let largestDifference: Double?

    /// The standard deviation of the reference.
    let standardDeviation: Double?

    /// The largest difference that is allowed.
    let bound: Double?

    let passed: Bool

    /// Why it failed, or what else a reader should know.
    let note: String?

    /// A tensor that was compared.
    init(
        name: String, difference: Double, standardDeviation: Double?, bound: Double,
        note: String? = nil
    ) {
        self.name = name
        largestDifference = difference
        self.standardDeviation = standardDeviation
        self.bound = bound
        // Written so that a difference that is no number fails.
        passed = difference <= bound
        self.note = note
    }

    /// A tensor that could not be compared.
    init(name: String, failure: String) {
        self.name = name
        largestDifference = nil
        standardDeviation = nil
        bound = nil
        passed = false
        note = failure
    }
}

/// What became of one reference case.
struct CaseReport: Encodable {
    let name: String

    /// The kind of case and the model or module, for example `module: deform_conv`.
    let subject: String

    let stages: [StageReport]

    /// Why the case could not be run, where it could not.
    let problem: String?

    /// Whether the case is of a model or module that can be built here at all.
    let isKnown: Bool

    let seconds: Double

    /// Whether everything was compared and is within its bound.
    var passed: Bool {
        problem == nil && !stages.isEmpty && stages.allSatisfy(\.passed)
    }

    private enum Key: String, CodingKey {
        case name, subject, passed, problem, seconds, stages
        case isKnown = "known"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(subject, forKey: .subject)
        try container.encode(passed, forKey: .passed)
        try container.encode(isKnown, forKey: .isKnown)
        try container.encodeIfPresent(problem, forKey: .problem)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(stages, forKey: .stages)
    }
}
