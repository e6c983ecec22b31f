import Checkpoints
import Evaluation
import Foundation
import Media
import Models
import Training

extension Failure {
    /// The failure that an error of the libraries amounts to.
    init(describing error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as MediaError: self.init(Self.kind(of: error), error.description)
        case let error as CheckpointError: self.init(Self.kind(of: error), error.description)
        case let error as ConfigurationError: self.init(.badData, error.description)
        case let error as ModelFamilyError: self.init(Self.kind(of: error), error.description)
        case let error as UnsupportedOption: self.init(.usage, error.description)
        case let error as VerificationError: self.init(.badData, error.description)
        case let error as TrainingError: self.init(Self.kind(of: error), error.description)
        case let error as EvaluationError:
            self.init(error.kind == .missingInput ? .missingInput : .badData, error.description)
        case let error as DecodingError:
            self.init(.badData, "the configuration cannot be read: \(Self.words(for: error))")
        case is CancellationError: self.init(.internal, "the work was cancelled")
        default: self.init(.internal, error.localizedDescription)
        }
    }

    private static func kind(of error: MediaError) -> Kind {
        switch error.kind {
        case .missingInput: .missingInput
        case .badData: .badData
        case .programMissing: .unavailable
        case .programFailed, .cannotRead: .inputOutput
        case .cannotWrite: .cannotCreate
        }
    }

    private static func kind(of error: CheckpointError) -> Kind {
        switch error {
        case .unreadable: .missingInput
        case .malformed, .unsupported, .refused, .missing, .wrongType, .mismatch: .badData
        case .unwritable: .cannotCreate
        }
    }

    private static func kind(of error: TrainingError) -> Kind {
        switch error {
        case .configuration, .data, .untrainable, .unusableCheckpoint: .badData
        case .otherRun: .usage
        case .diverged: .internal
        case .unwritable: .cannotCreate
        }
    }

    private static func kind(of error: ModelFamilyError) -> Kind {
        switch error {
        case .unknownPreset, .unfitPreset: .usage
        case .unrecognized, .unusableConfiguration: .badData
        }
    }

    private static func words(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            (context.codingPath.isEmpty
                ? "" : "'" + context.codingPath.map(\.stringValue).joined(separator: ".") + "': ")
                + context.debugDescription
        @unknown default: "\(error)"
        }
    }
}
