import Foundation

/// What can be wrong with a checkpoint. Each description is a sentence that says what was found where,
/// what was expected, and what to do.
public enum CheckpointError: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(path: String, reason: String)
    /// The file breaks a rule of its format.
    case malformed(path: String, problem: String)
    /// The file follows its format, in a way that this program does not read.
    case unsupported(path: String, problem: String)
    /// The file asks its reader to run code. Nothing was run.
    case refused(path: String, problem: String)
    /// The checkpoint has no tensor of this name.
    case missing(name: String, origin: String)
    /// The tensor's elements cannot be read as what was asked for.
    case wrongType(name: String, origin: String, found: ElementType, wanted: String)
    /// The checkpoint's tensors are not those of the model.
    case mismatch(LoadReport)
    /// The file cannot be written.
    case unwritable(path: String, reason: String)
}

extension CheckpointError: LocalizedError, CustomStringConvertible {
    /// The sentence for a person.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason)"
        case .malformed(let path, let problem):
            "\(path): damaged or not a checkpoint: \(problem); get the file again or convert it anew"
        case .unsupported(let path, let problem):
            "\(path): \(problem)"
        case .refused(let path, let problem):
            "\(path): \(problem); nothing was run, do not trust this file"
        case .missing(let name, let origin):
            "\(origin): has no tensor '\(name)'; `segment inspect` lists what the checkpoint holds"
        case .wrongType(let name, let origin, let found, let wanted):
            "\(origin): tensor '\(name)' is stored as \(found.rawValue), which cannot be read as "
                + "\(wanted); store it as F32, F16, BF16 or a whole-number type"
        case .mismatch(let report):
            report.description
        case .unwritable(let path, let reason):
            "\(path): cannot be written: \(reason)"
        }
    }

    /// The same sentence, for callers that only know `Error`.
    public var errorDescription: String? { description }
}
