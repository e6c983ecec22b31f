/// A class of a data set.
public struct Category: Sendable, Hashable, Codable {
    /// The number by which the data set's files call it.
    public let id: Int

    /// Its name, as the data set spells it.
    public let name: String

    /// The class `name`, numbered `id`.
    public init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}
