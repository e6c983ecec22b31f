import Checkpoints
import Foundation

/// All that is needed to build a model from a checkpoint: its family and its options.
public struct ModelRecipe: Sendable {
    /// The name of the model's family.
    public let family: String

    /// The preset that the options come from; they may differ from it in single values.
    public let preset: String

    /// Further presets with the same tensors and another forward pass, which a checkpoint cannot tell
    /// apart by itself.
    public let alternatives: [String]

    /// Whether something other than the tensors (metadata, a file, the caller) chose among the presets.
    public let isDecided: Bool

    /// The model's sizes and options.
    public var configuration: any ModelConfiguration

    /// The metadata that makes a checkpoint say what it is: `martlet.model`, `martlet.preset` and
    /// `martlet.configuration` (JSON).
    public var metadata: [String: String] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let text = String(decoding: try encoder.encode(configuration), as: UTF8.self)
            return [
                "martlet.model": family, "martlet.preset": preset,
                "martlet.configuration": text,
            ]
        }
    }

    /// Finds out how to build the model of `source`.
    ///
    /// - Parameters:
    ///   - source: the checkpoint.
    ///   - preset: the name of a preset that the caller insists on.
    ///   - configurationFile: the content of a JSON file with options, and its path for messages. All
    ///     keys are optional; see the family's configuration.
    /// - Throws: ``ModelFamilyError``, ``ConfigurationError``.
    public init(
        for source: any WeightSource, preset: String? = nil,
        configurationFile: (path: String, content: Data)? = nil
    ) throws {
        guard let family = ModelFamilies.recognized(in: source) else {
            throw ModelFamilyError.unrecognized(origin: source.origin)
        }
        try self.init(family, for: source, preset: preset, configurationFile: configurationFile)
    }

    private init<Configuration: ModelConfiguration>(
        _ family: Configuration.Type, for source: any WeightSource, preset: String?,
        configurationFile: (path: String, content: Data)?
    ) throws {
        guard let sizes = Configuration(recognizedIn: source) else {
            throw ModelFamilyError.unrecognized(origin: source.origin)
        }
        let fitting = Configuration.presetNames.filter {
            Configuration.preset(named: $0)?.hasTensors(like: sizes) ?? false
        }
        let notes = ModelNotes(source.metadata)
        let chosen = preset ?? notes.preset
        if let chosen {
            guard ModelFamilies.presetNames.contains(chosen) else {
                throw ModelFamilyError.unknownPreset(name: chosen)
            }
            guard fitting.contains(chosen) else {
                throw ModelFamilyError.unfitPreset(
                    name: chosen, origin: source.origin, fitting: fitting)
            }
        }
        var configuration = sizes
        if let name = chosen ?? fitting.first, let options = Configuration.preset(named: name) {
            configuration.adoptOptions(of: options)
        }
        var descriptions: [(origin: String, content: Data)] = []
        if let file = configurationFile { descriptions.append((file.path, file.content)) }
        // A preset that the caller names outweighs the options that the checkpoint was written with.
        if let content = notes.configuration, preset == nil || preset == notes.preset {
            descriptions.append(("\(source.origin) (metadata)", content))
        }
        for (origin, content) in descriptions {
            configuration = try configuration.overridden(by: content, from: origin)
        }
        self.family = family.family
        self.preset = chosen ?? fitting.first ?? family.family
        alternatives = fitting.filter { [preset = self.preset] in $0 != preset }
        isDecided = chosen != nil || !descriptions.isEmpty || fitting.count == 1
        self.configuration = configuration
    }

    /// Builds the model with the tensors of `source`, all of which must fit unless `strict` is false.
    public func model(
        from source: any WeightSource, strict: Bool = true
    ) throws -> (model: any SegmentationModel, report: LoadReport) {
        let weights = WeightScope(source)
        let model = try configuration.model(weights)
        return (model, try weights.finish(strict: strict))
    }
}

/// What a checkpoint's metadata says about its model.
private struct ModelNotes {
    let preset: String?
    let configuration: Data?

    init(_ metadata: [String: String]) {
        preset = metadata["martlet.preset"]
        configuration = metadata["martlet.configuration"].map { Data($0.utf8) }
    }
}
