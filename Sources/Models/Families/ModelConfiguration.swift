import Checkpoints
import Foundation

/// The sizes and options of a model of one family, and what a checkpoint tells of them.
///
/// A family recognises its checkpoints by the names and shapes of their tensors. What those cannot tell
/// comes from presets, from a `config.json` beside the file, from the checkpoint's own metadata, and from the
/// caller.
public protocol ModelConfiguration: Codable, Sendable {
    /// The family's name in files: `medvt`.
    static var family: String { get }

    /// What a person reads: the model's name and what it is for.
    static var title: String { get }

    /// The names of the presets, in the order in which help texts list them. No other family has one of
    /// them.
    static var presetNames: [String] { get }

    /// The configuration of a released model, or `nil` for an unknown name.
    static func preset(named name: String) -> Self?

    /// The sizes of the model whose tensors `source` holds, `nil` where they are not this family's.
    init?(recognizedIn source: any WeightSource)

    /// Whether a model of this configuration has the tensors of one of `other`, but for sizes that a
    /// checkpoint tells.
    func hasTensors(like other: Self) -> Bool

    /// Takes over what tensors cannot tell.
    mutating func adoptOptions(of preset: Self)

    /// The model with the tensors of `weights`, the root of a checkpoint.
    ///
    /// - Throws: ``ConfigurationError`` for a configuration that cannot be, `CheckpointError` where
    ///   tensors cannot be read.
    func model(_ weights: WeightScope) throws -> any SegmentationModel

    /// The middle and the largest deviation of a tensor's values where weights are made up, for tensors to
    /// which the usual rule (see ``MadeUpWeights``) does not do justice.
    static func madeUpValues(_ name: String, shape: [Int]) -> MadeUpWeights.Values?
}

extension ModelConfiguration {
    /// The usual rule serves for all tensors.
    public static func madeUpValues(_ name: String, shape: [Int]) -> MadeUpWeights.Values? { nil }

    /// This configuration with the options that a JSON document names.
    ///
    /// The decoder finds this configuration under ``CodingUserInfoKey/baseConfiguration``.
    ///
    /// - Throws: ``ModelFamilyError/unusableConfiguration(origin:problem:)``.
    public func overridden(by json: Data, from origin: String) throws -> Self {
        let decoder = JSONDecoder()
        decoder.userInfo[.baseConfiguration] = self
        do {
            return try decoder.decode(Self.self, from: json)
        } catch let error as ConfigurationError {
            throw ModelFamilyError.unusableConfiguration(
                origin: origin, problem: error.description)
        } catch let error as DecodingError {
            throw ModelFamilyError.unusableConfiguration(origin: origin, problem: error.sentence)
        }
    }
}

extension ModelConfiguration {
    /// What stands for the keys that a document lacks: the preset that its `family` names, or the decoder's base
    /// configuration, with what tensors cannot tell of that preset; `nil` where it has neither.
    ///
    /// - Throws: ``ConfigurationError`` for an unknown name.
    static func base(of decoder: any Decoder, family: String?) throws -> Self? {
        let base = decoder.userInfo[.baseConfiguration] as? Self
        guard let family else { return base }
        guard let preset = preset(named: family) else {
            throw ConfigurationError(option: "family", found: family, expected: presetNames)
        }
        guard var base else { return preset }
        base.adoptOptions(of: preset)
        return base
    }
}

extension CodingUserInfoKey {
    /// Where a configuration's decoder finds the configuration whose options stand for keys that are absent.
    public static var baseConfiguration: CodingUserInfoKey {
        guard let key = CodingUserInfoKey(rawValue: "martlet.base") else {
            preconditionFailure("CodingUserInfoKey: no key for the base configuration")
        }
        return key
    }
}

extension DecodingError {
    /// What is wrong and where, as one sentence.
    fileprivate var sentence: String {
        func place(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
            let keys = context.codingPath + (last.map { [$0] } ?? [])
            return keys.isEmpty ? "the document" : keys.map(\.stringValue).joined(separator: ".")
        }
        switch self {
        case .typeMismatch(let type, let context): return "\(place(context)) is not a \(type)."
        case .valueNotFound(let type, let context): return "\(place(context)) lacks a \(type)."
        case .keyNotFound(let key, let context): return "\(place(context, key)) is missing."
        case .dataCorrupted(let context):
            return "\(place(context)) is not valid: \(context.debugDescription)"
        @unknown default: return "\(self)"
        }
    }
}
