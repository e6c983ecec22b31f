/// The size of a feature map in pixels.
public struct MapSize: Sendable, Hashable {
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// A size.
    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// Pixels of the map.
    public var count: Int { height * width }
}
