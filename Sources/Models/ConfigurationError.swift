/// An option of a model that no model can have.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The option's name.
    public let option: String
    /// The value that was found.
    public let found: String
    /// The values that are possible.
    public let expected: [String]

    /// An error about `option`, whose value was `found` where only `expected` are possible.
    public init(option: String, found: String, expected: [String]) {
        self.option = option
        self.found = found
        self.expected = expected
    }

    /// One sentence: what was found, what was expected, where.
    public var description: String {
        "The model option \(option) is \(found), but must be \(expected.joined(separator: ", "))."
    }

    /// Throws an error about `option`, whose value is `found` where `expected` is, unless `condition` holds.
    static func require(
        _ condition: Bool, _ option: String, _ found: Any, _ expected: String
    ) throws {
        guard !condition else { return }
        throw ConfigurationError(option: option, found: "\(found)", expected: [expected])
    }
}
