import Tensor

/// How a decoded frame becomes a model's input.
public struct Preprocessing: Sendable, Equatable, Codable {
    /// The size that a frame is brought to, and at which point.
    public enum Sizing: Sendable, Equatable, Codable {
        /// The 8-bit frame is resized with antialiasing until its short side is `shortSide`, but its
        /// long side at most `longSide`; then it is normalised.
        case shortSide(Int, longSide: Int)

        /// As `shortSide`, but with detectron2's arithmetic: both sides of the reduced size are rounded to
        /// the nearest number.
        case shortestEdge(Int, longSide: Int)

        /// The frame is normalised, then resized without antialiasing to a fixed size.
        case fixed(height: Int, width: Int)
    }

    /// The size that a frame is brought to.
    public var sizing: Sizing

    /// What bytes are divided by first: 255 brings them to 0...1.
    public var pixelRange: Float = 255

    /// What is then subtracted from red, green and blue.
    public var mean: [Float] = [0.485, 0.456, 0.406]

    /// What the difference is divided by.
    public var standardDeviation: [Float] = [0.229, 0.224, 0.225]

    /// Zeros are added at the right and at the bottom until both sides are multiples of this.
    public var sizeDivisor = 1

    /// The preprocessing of the ImageNet statistics with the given sizing.
    public init(sizing: Sizing) {
        self.sizing = sizing
    }

    /// A short side of `shortSide` and a long side of at most 1.8 times that, as MED-VT's scripts have it.
    public init(shortSide: Int) {
        self.init(sizing: .shortSide(shortSide, longSide: Int(1.8 * Double(shortSide))))
    }

    /// The preprocessing of detectron2's models: bytes are normalised as they are, frames padded to
    /// multiples of 32.
    public static func detectron2(shortSide: Int, longSide: Int = 1333) -> Preprocessing {
        var preprocessing = Preprocessing(sizing: .shortestEdge(shortSide, longSide: longSide))
        preprocessing.pixelRange = 1
        preprocessing.mean = [123.675, 116.28, 103.53]
        preprocessing.standardDeviation = [58.395, 57.12, 57.375]
        preprocessing.sizeDivisor = 32
        return preprocessing
    }

    /// The network's input for one frame, `[height, width, 3]`: resized, normalised and padded.
    public func callAsFunction(_ frame: Tensor<UInt8>) -> Tensor<Float> {
        precondition(
            frame.rank == 3 && frame.shape[2] == 3,
            "Preprocessing: a frame of shape \(frame.shape) is not [height, width, 3]")
        let size = inputSize(height: frame.shape[0], width: frame.shape[1])
        switch sizing {
        case .shortSide, .shortestEdge:
            return withPadding(
                normalized(resizedPillow(frame, height: size.height, width: size.width)))
        case .fixed:
            return withPadding(
                resizedBilinear(
                    normalized(frame).expandedDimensions(axis: 0), height: size.height,
                    width: size.width
                ).squeezed(axis: 0))
        }
    }

    /// The pixels in their range, less the mean, over the standard deviation: rounded after each step, as
    /// torchvision does it.
    private func normalized(_ frame: Tensor<UInt8>) -> Tensor<Float> {
        let tables = (0..<3).map { channel in
            (0..<256).map { (Float($0) / pixelRange - mean[channel]) / standardDeviation[channel] }
        }
        return Tensor(shape: frame.shape) { values in
            frame.withUnsafeBuffer { pixels in
                for start in stride(from: 0, to: pixels.count, by: 3) {
                    for channel in 0..<3 {
                        values[start + channel] = tables[channel][Int(pixels[start + channel])]
                    }
                }
            }
        }
    }

    /// Checks that frames can be prepared so.
    func validate() throws {
        guard mean.count == 3, standardDeviation.count == 3, mean.allSatisfy(\.isFinite),
            standardDeviation.allSatisfy({ $0.isFinite && $0 > 0 })
        else {
            throw ConfigurationError(
                option: "preprocessing", found: "mean \(mean), deviation \(standardDeviation)",
                expected: ["three finite numbers each, deviations above 0"])
        }
        let sides =
            switch sizing {
            case .shortSide(let shortSide, let longSide),
                .shortestEdge(let shortSide, let longSide):
                [shortSide, longSide]
            case .fixed(let height, let width): [height, width]
            }
        guard pixelRange.isFinite, pixelRange > 0, (1...256).contains(sizeDivisor) else {
            throw ConfigurationError(
                option: "preprocessing",
                found: "pixel range \(pixelRange), size divisor \(sizeDivisor)",
                expected: ["a range above 0, a divisor of 1 to 256"])
        }
        guard sides.allSatisfy({ (32...16384).contains($0) }) else {
            throw ConfigurationError(
                option: "preprocessing", found: "sides \(sides)", expected: ["32 to 16384 pixels"])
        }
    }
}
