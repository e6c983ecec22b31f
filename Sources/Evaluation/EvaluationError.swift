/// What is wrong with the inputs of an evaluation: each problem is a sentence that names its file or entry.
public struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure that a caller may want to tell apart, for example for an exit code.
    public enum Kind: Sendable, Equatable {
        /// Something that was named does not exist.
        case missingInput
        /// Inputs that are damaged or do not fit each other.
        case badData
    }

    /// The kind of failure.
    public let kind: Kind

    /// At least one sentence, in the order of the data.
    public let problems: [String]

    /// An error of one problem.
    public init(_ kind: Kind, _ problem: String) {
        self.kind = kind
        problems = [problem]
    }

    /// An error of several problems of data.
    public init(problems: [String]) {
        precondition(!problems.isEmpty, "EvaluationError: no problem")
        kind = .badData
        self.problems = problems
    }

    /// The first problem, and how many more there are.
    public var description: String {
        problems.count == 1
            ? problems[0] : "\(problems[0]) (and \(problems.count - 1) more)"
    }
}
