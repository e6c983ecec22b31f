/// The shape of a Swin Transformer.
public struct SwinConfiguration: Sendable, Hashable, Codable {
    /// The channels of a token of the first stage; each merging doubles them.
    public var embeddingWidth: Int
    /// How many blocks each stage has.
    public var depths: [Int]
    /// How many attention heads each stage has.
    public var heads: [Int]
    /// The side of an attention window in tokens.
    public var window: Int
    /// The side of the patch that becomes a token, in pixels.
    public var patch: Int
    /// How many times wider than its input the hidden layer of a block is.
    public var feedForwardRatio: Int

    /// A configuration of four stages; the other values are those of the published networks.
    public init(
        embeddingWidth: Int, depths: [Int], heads: [Int], window: Int = 7, patch: Int = 4,
        feedForwardRatio: Int = 4
    ) {
        self.embeddingWidth = embeddingWidth
        self.depths = depths
        self.heads = heads
        self.window = window
        self.patch = patch
        self.feedForwardRatio = feedForwardRatio
    }

    /// Swin-L of windows of 12 by 12 (`swin_l_p4w12` of SeqFormer).
    public static let large = SwinConfiguration(
        embeddingWidth: 192, depths: [2, 2, 18, 2], heads: [6, 12, 24, 48], window: 12)

    /// The channels of each level.
    public var levelChannels: [Int] { depths.indices.map { embeddingWidth << $0 } }
}
