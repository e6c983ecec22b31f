/// The shape of a residual network of bottleneck blocks.
public struct ResNetConfiguration: Sendable, Hashable, Codable {
    /// How many blocks each of the four stages has.
    public var depths: [Int]
    /// The planes of the first stage's blocks, a quarter of its channels; each stage doubles them.
    public var width: Int
    /// The groups of the 3x3 convolutions: more than one in a ResNeXt.
    public var groups: Int
    /// The inner channels of a group where a block has 64 planes; they grow with the planes.
    public var widthPerGroup: Int
    /// For each of the last three stages, whether it dilates its kernels and keeps the resolution.
    public var dilates: [Bool]

    /// A configuration of four stages; none dilates by default.
    public init(
        depths: [Int], width: Int = 64, groups: Int = 1, widthPerGroup: Int = 64,
        dilates: [Bool] = [false, false, false]
    ) {
        self.depths = depths
        self.width = width
        self.groups = groups
        self.widthPerGroup = widthPerGroup
        self.dilates = dilates
    }

    /// ResNet-50.
    public static let resNet50 = ResNetConfiguration(depths: [3, 4, 6, 3])

    /// ResNet-101.
    public static let resNet101 = ResNetConfiguration(depths: [3, 4, 23, 3])

    /// ResNeXt-101 of 32 groups of 8 channels.
    public static let resNeXt101 = ResNetConfiguration(
        depths: [3, 4, 23, 3], groups: 32, widthPerGroup: 8)

    /// The channels of each level.
    public var levelChannels: [Int] {
        depths.indices.map { (width << $0) * ResNetBottleneck.expansion }
    }
}
