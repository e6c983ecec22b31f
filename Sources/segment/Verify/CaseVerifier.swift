import Checkpoints
import Foundation
import Models
import Tensor

/// Runs one reference case and compares everything that it holds.
struct CaseVerifier: Sendable {
    let path: String

    /// A checkpoint that replaces the weights of the case's manifest.
    let weights: (any WeightSource)?

    /// What became of the case; whatever keeps it from running is part of the report.
    func report() -> CaseReport {
        let start = ContinuousClock.now
        var subject = "unknown"
        var stages: [StageReport] = []
        var problem: String?
        var isKnown = true
        do {
            let referenceCase = try ReferenceCase(path: path)
            let kind = Kind(referenceCase.config)
            subject = kind.description
            isKnown = kind.isKnown
            stages = isKnown ? try verify(referenceCase, kind) : []
            if !isKnown { problem = "there is no \(kind) here; nothing was compared" }
        } catch {
            problem = Failure(describing: error).description
        }
        return CaseReport(
            name: path, subject: subject, stages: stages, problem: problem, isKnown: isKnown,
            seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// What a case is about.
    private enum Kind: CustomStringConvertible {
        case model(String, title: String)
        case evaluation(task: String, family: String)
        case module(String)
        case checkpointFormat
        case unknown(String)

        init(_ config: JSONValue) {
            let model = config["model"]?.string ?? "without a name"
            let family = ModelFamilies.family(named: model)
            let preset = config["family"]?.string ?? family?.presetNames.first ?? ""
            switch (model, config["task"]?.string) {
            case (_, nil) where family != nil:
                // A case that names no preset says what its network is made of.
                let parts = [model] + ["backbone", "format"].compactMap { config[$0]?.string }
                self = .model(
                    preset, title: config["family"]?.string ?? parts.joined(separator: " "))
            case (_, let task?) where family != nil:
                self = .evaluation(task: task, family: preset)
            case ("medvt-checkpoint", _): self = .checkpointFormat
            case _ where config["module"] != nil:
                self = .module(config["module"]?.string ?? "without a name")
            default: self = .unknown("model \(model)")
            }
        }

        var description: String {
            switch self {
            case .model(_, let title): "model \(title)"
            case .evaluation(let task, let family): "\(task) of \(family)"
            case .module(let name): "module \(name)"
            case .checkpointFormat: "checkpoint formats"
            case .unknown(let what): what
            }
        }

        var isKnown: Bool {
            switch self {
            case .model(let name, _): ModelFamilies.presetNames.contains(name)
            case .evaluation(let task, let family):
                ProtocolCase.tasks.contains(task)
                    && ModelFamilies.presetNames.contains(family)
            case .module(let name):
                ScoreCase.modules.contains(name) || ModuleCases.knows(name)
            case .checkpointFormat: true
            case .unknown: false
            }
        }
    }

    private func verify(_ referenceCase: ReferenceCase, _ kind: Kind) throws -> [StageReport] {
        let source = weights ?? referenceCase.weights
        switch kind {
        case .model where ObjectCase.describes(referenceCase):
            return try ObjectCase(referenceCase).verify(source)
        case .model:
            return try ModelCase(referenceCase).verify(source)
        case .evaluation:
            return try ProtocolCase(referenceCase).verify(source)
        case .module(let name) where ScoreCase.modules.contains(name):
            return try ScoreCase(referenceCase).verify()
        case .module:
            let result = try ModuleCases.outputs(
                of: referenceCase, weights: WeightScope(source, failsAtOnce: true))
            return try StageComparison(referenceCase).compareAll(
                with: result.outputs, inputs: { result.inputs.contains($0) })
        case .checkpointFormat:
            return try CheckpointFormatCase(referenceCase).verify()
        case .unknown:
            return []
        }
    }
}
