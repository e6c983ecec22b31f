import Layers

/// The shape of a Video Swin Transformer.
public struct VideoSwinConfiguration: Sendable, Hashable, Codable {
    /// The channels of a token of the first stage; each merging doubles them.
    public var embeddingWidth: Int
    /// How many blocks each stage has.
    public var depths: [Int]
    /// How many attention heads each stage has.
    public var heads: [Int]
    /// The attention window on maps that are at least as large.
    public var window: WindowSize
    /// The patch that becomes a token.
    public var patch: WindowSize
    /// How many times wider than its input the hidden layer of a block is.
    public var feedForwardRatio: Int

    /// A configuration of four stages; the other values are those of the published networks.
    public init(
        embeddingWidth: Int, depths: [Int], heads: [Int],
        window: WindowSize = WindowSize(frames: 8, height: 7, width: 7),
        patch: WindowSize = WindowSize(frames: 1, height: 4, width: 4), feedForwardRatio: Int = 4
    ) {
        self.embeddingWidth = embeddingWidth
        self.depths = depths
        self.heads = heads
        self.window = window
        self.patch = patch
        self.feedForwardRatio = feedForwardRatio
    }

    /// Swin-B as MED-VT uses it: patches of one frame, windows of 8 x 7 x 7.
    public static let base = VideoSwinConfiguration(
        embeddingWidth: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32])
}
