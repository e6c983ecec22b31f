import Tensor

/// What becomes of a tensor of a checkpoint in training.
package enum ParameterGroup: Sendable {
    /// It stays: statistics of frozen batch norms, with their scale and shift.
    case frozen
    /// It moves at a share of the rate.
    case backbone
    /// It moves.
    case head

    /// The groups of a checkpoint's tensors, by name.
    ///
    /// A norm with running statistics is frozen as a whole, as in the official code; what lies below a name
    /// with the component `backbone` is the backbone's.
    package static func all(of names: some Collection<String>) -> [String: ParameterGroup] {
        let names = Set(names)
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                let components = name.split(separator: ".")
                let norm = components.dropLast().joined(separator: ".")
                if names.contains("\(norm).running_mean") { return (name, .frozen) }
                return (name, components.contains("backbone") ? .backbone : .head)
            })
    }
}
