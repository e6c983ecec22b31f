/// The shape of an EfficientNet-Lite.
public struct EfficientNetLiteConfiguration: Sendable, Hashable, Codable {
    /// Blocks of one shape.
    public struct Stage: Sendable, Hashable, Codable {
        /// How many blocks there are.
        public var blocks: Int
        /// The side of the depthwise kernel.
        public var kernelSize: Int
        /// The stride of the first block.
        public var stride: Int
        /// How many times wider a block is inside.
        public var expansion: Int
        /// The channels that come out.
        public var channels: Int

        /// A stage of these sizes.
        public init(blocks: Int, kernelSize: Int, stride: Int, expansion: Int, channels: Int) {
            self.blocks = blocks
            self.kernelSize = kernelSize
            self.stride = stride
            self.expansion = expansion
            self.channels = channels
        }
    }

    /// The channels of the first convolution, of stride 2.
    public var stemChannels: Int
    /// The stages, fine to coarse; four of them have a stride of 2.
    public var stages: [Stage]

    /// A configuration of these stages.
    public init(stemChannels: Int = 32, stages: [Stage]) {
        self.stemChannels = stemChannels
        self.stages = stages
    }

    /// EfficientNet-Lite0.
    public static let lite0 = EfficientNetLiteConfiguration(stages: [
        Stage(blocks: 1, kernelSize: 3, stride: 1, expansion: 1, channels: 16),
        Stage(blocks: 2, kernelSize: 3, stride: 2, expansion: 6, channels: 24),
        Stage(blocks: 2, kernelSize: 5, stride: 2, expansion: 6, channels: 40),
        Stage(blocks: 3, kernelSize: 3, stride: 2, expansion: 6, channels: 80),
        Stage(blocks: 3, kernelSize: 5, stride: 1, expansion: 6, channels: 112),
        Stage(blocks: 4, kernelSize: 5, stride: 2, expansion: 6, channels: 192),
        Stage(blocks: 1, kernelSize: 3, stride: 1, expansion: 6, channels: 320),
    ])

    /// The stages whose results are the levels at strides 4, 8, 16 and 32: the last at each resolution.
    var levelStages: [Int] {
        let last = stages.indices.filter { $0 + 1 == stages.count || stages[$0 + 1].stride > 1 }
        return Array(last.suffix(4))
    }

    /// The channels of each level.
    public var levelChannels: [Int] { levelStages.map { stages[$0].channels } }
}
