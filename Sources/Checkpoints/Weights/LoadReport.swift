import FileAccess

/// How a checkpoint fitted a model.
public struct LoadReport: Sendable, Equatable {
    /// A tensor whose shape is not the model's.
    public struct WrongShape: Sendable, Equatable {
        /// The tensor's name.
        public let name: String
        /// The checkpoint's shape.
        public let found: [Int]
        /// The model's shape.
        public let expected: [Int]

        /// Describes a tensor of the wrong shape.
        public init(name: String, found: [Int], expected: [Int]) {
            self.name = name
            self.found = found
            self.expected = expected
        }
    }

    /// Where the weights came from.
    public let origin: String
    /// How many tensors were loaded.
    public let loaded: Int
    /// Names that the model asked for and the checkpoint does not have.
    public let missing: [String]
    /// Names that the checkpoint has and the model did not ask for.
    public let unexpected: [String]
    /// Tensors of another shape than the model's.
    public let wrongShapes: [WrongShape]
    /// Names that were expected and left out on purpose, such as counters.
    public let ignored: [String]

    /// Whether every tensor found its place.
    public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && wrongShapes.isEmpty }
}

extension LoadReport: CustomStringConvertible {
    /// One sentence: complete, or what does not fit, with the first names of each kind.
    public var description: String {
        guard !isComplete else { return "\(origin): all \(loaded) tensors fit the model" }
        var parts: [String] = []
        if !missing.isEmpty { parts.append(Self.list("missing", missing)) }
        if !wrongShapes.isEmpty {
            parts.append(
                Self.list(
                    "of the wrong shape",
                    wrongShapes.map { "\($0.name) is \($0.found), expected \($0.expected)" }))
        }
        if !unexpected.isEmpty { parts.append(Self.list("unexpected", unexpected)) }
        return
            "\(origin): the checkpoint does not fit the model: \(parts.joined(separator: "; ")); "
            + "choose the model family and options that the checkpoint was trained with"
    }

    private static func list(_ kind: String, _ names: [String]) -> String {
        let shown = names.prefix(8).map(printable).joined(separator: ", ")
        return "\(names.count) \(kind) (\(shown)\(names.count > 8 ? ", ..." : ""))"
    }
}
