import Tensor

/// One picture of a sequence.
public struct Frame: Sendable {
    /// The position in the whole input, from 0: in a video the number of the decoded frame.
    public let index: Int

    /// What outputs of this frame are called: the file's name without its extension, or the index with
    /// at least five digits.
    public let name: String

    /// The pixels: RGB, `[height, width, 3]`.
    public let image: Tensor<UInt8>

    /// A frame from its parts.
    public init(index: Int, name: String, image: Tensor<UInt8>) {
        self.index = index
        self.name = name
        self.image = image
    }

    /// The name of a frame that has only a number: `00042`.
    static func name(index: Int) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
