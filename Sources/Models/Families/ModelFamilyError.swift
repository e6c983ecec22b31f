/// What can be wrong with the description of a model.
public enum ModelFamilyError: Error, Equatable, CustomStringConvertible {
    /// The tensors are those of no known family.
    case unrecognized(origin: String)
    /// No preset has this name.
    case unknownPreset(name: String)
    /// The preset is of a model with other tensors.
    case unfitPreset(name: String, origin: String, fitting: [String])
    /// A description of the model cannot be used.
    case unusableConfiguration(origin: String, problem: String)

    /// One sentence: what was found where, what was expected, what to do.
    public var description: String {
        switch self {
        case .unrecognized(let origin):
            "\(origin): its tensors are those of no model known here ("
                + ModelFamilies.all.map { $0.title }.joined(separator: "; ")
                + "); `segment inspect` lists them."
        case .unknownPreset(let name):
            "There is no model '\(name)'; choose one of "
                + ModelFamilies.presetNames.joined(separator: ", ") + "."
        case .unfitPreset(let name, let origin, let fitting):
            "\(origin): its tensors are not those of '\(name)'; choose "
                + (fitting.isEmpty ? "another checkpoint" : fitting.joined(separator: " or ")) + "."
        case .unusableConfiguration(let origin, let problem):
            "\(origin): the model's configuration cannot be used: \(problem)"
        }
    }
}
