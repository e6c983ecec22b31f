import Checkpoints

/// The kinds of models that can be built from a checkpoint.
///
/// A new model is a folder beside this one and a line in ``all``.
public enum ModelFamilies {
    /// Every family, by the type of its configuration.
    public static let all: [any ModelConfiguration.Type] = [
        MEDVTConfiguration.self, SeqFormerConfiguration.self,
    ]

    /// The names of all presets, family by family.
    public static var presetNames: [String] { all.flatMap { $0.presetNames } }

    /// The family with that name in files, or `nil`.
    public static func family(named name: String) -> (any ModelConfiguration.Type)? {
        all.first { $0.family == name }
    }

    /// The configuration of a released model of any family, or `nil` for an unknown name.
    public static func preset(named name: String) -> (any ModelConfiguration)? {
        all.lazy.compactMap { $0.preset(named: name) as (any ModelConfiguration)? }.first
    }

    /// The family whose tensors `source` holds, or `nil`.
    public static func recognized(in source: any WeightSource) -> (any ModelConfiguration.Type)? {
        all.first { $0.init(recognizedIn: source) != nil }
    }
}
