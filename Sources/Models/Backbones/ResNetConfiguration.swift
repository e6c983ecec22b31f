/// The shape of a residual network of bottleneck blocks.
public struct ResNetConfiguration: Sendable, Hashable, Codable {
    /// How many blocks each of the four stages has.
    public var depths: [Int]
    /// The inner channels of the first stage's blocks; each stage doubles them.
    public var width: Int
    /// For each of the last three stages, whether it dilates its kernels and keeps the resolution.
    public var dilates: [Bool]

    /// A configuration of four stages; none dilates by default.
    public init(depths: [Int], width: Int = 64, dilates: [Bool] = [false, false, false]) {
        self.depths = depths
        self.width = width
        self.dilates = dilates
    }

    /// ResNet-50.
    public static let resNet50 = ResNetConfiguration(depths: [3, 4, 6, 3])

    /// ResNet-101.
    public static let resNet101 = ResNetConfiguration(depths: [3, 4, 23, 3])

    /// The channels of each level.
    public var levelChannels: [Int] {
        depths.indices.map { (width << $0) * ResNetBottleneck.expansion }
    }
}
