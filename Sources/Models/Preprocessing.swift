import Tensor

/// How a decoded frame becomes a model's input.
public struct Preprocessing: Sendable, Equatable, Codable {
    /// The size that a frame is brought to, and at which point.
    public enum Sizing: Sendable, Equatable, Codable {
        /// The 8-bit frame is resized with antialiasing until its short side is `shortSide`, but its
        /// long side at most `longSide`; then it is normalised.
        case shortSide(Int, longSide: Int)

        /// The frame is normalised, then resized without antialiasing to a fixed size.
        case fixed(height: Int, width: Int)
    }

    /// The size that a frame is brought to.
    public var sizing: Sizing

    /// What is subtracted from red, green and blue, which lie in 0...1.
    public var mean: [Float] = [0.485, 0.456, 0.406]

    /// What the difference is divided by.
    public var standardDeviation: [Float] = [0.229, 0.224, 0.225]

    /// The preprocessing of the ImageNet statistics with the given sizing.
    public init(sizing: Sizing) {
        self.sizing = sizing
    }
}
