/// What can go wrong in training that the person at the keyboard can put right.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// An option of the recipe cannot be used.
    case configuration(option: String, found: String, expected: String)
    /// The training data cannot be used.
    case data(path: String, problem: String, remedy: String)
    /// The model has parts whose gradients are not known.
    case untrainable(model: String, reason: String)
    /// The folder holds a run of another recipe.
    case otherRun(folder: String, difference: String)
    /// The loss was no number in several steps one after the other.
    case diverged(step: Int, checkpoint: String?)
    /// A checkpoint cannot be continued.
    case unusableCheckpoint(path: String, problem: String)
    /// The log or the curves cannot be written.
    case unwritable(path: String, reason: String)

    /// One sentence: what was found where, what was expected, what to do.
    public var description: String {
        switch self {
        case .configuration(let option, let found, let expected):
            "The recipe's '\(option)' is \(found); it takes \(expected)."
        case .data(let path, let problem, let remedy):
            "\(path): \(problem); \(remedy)."
        case .untrainable(let model, let reason):
            "\(model) cannot be trained here: \(reason)."
        case .otherRun(let folder, let difference):
            "\(folder): holds a run of another recipe (\(difference)); give another folder, or the recipe "
                + "that it was begun with to continue it."
        case .diverged(let step, let checkpoint):
            "The loss has been no finite number since step \(step); lower the learning rate"
                + (checkpoint.map { ". The last good state is in \($0)." } ?? ".")
        case .unusableCheckpoint(let path, let problem):
            "\(path): cannot be continued: \(problem)."
        case .unwritable(let path, let reason):
            "\(path): cannot be written: \(reason)."
        }
    }
}
