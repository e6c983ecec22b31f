import Tensor

/// Several looks at the same clip, whose predictions are merged.
public struct TestTimeAugmentation: Sendable, Equatable {
    /// How the predictions of the clip and of its mirror image become one.
    public enum FlipMerge: String, Sendable, CaseIterable, Codable {
        /// Their mean (DAVIS).
        case mean
        /// The larger one at each pixel (MoCA, YouTube-Objects).
        case maximum = "max"
    }

    /// The factors of the network's input size; predictions of all scales are averaged.
    public var scales: [Double]

    /// Whether the mirrored clip is looked at too, and how both are merged.
    public var flip: FlipMerge?

    /// One look at the clip as it is.
    public static let none = TestTimeAugmentation(scales: [1])

    /// Looks at `scales` of the clip, and of its mirror image where `flip` says how to merge them.
    public init(scales: [Double], flip: FlipMerge? = nil) {
        precondition(
            !scales.isEmpty && scales.allSatisfy { $0.isFinite && $0 > 0 },
            "TestTimeAugmentation: scales \(scales) are not positive")
        self.scales = scales
        self.flip = flip
    }

    /// How often the network runs for one clip.
    public var passes: Int { scales.count * (flip == nil ? 1 : 2) }

    /// The scales of the official evaluation on DAVIS (with `flip` merged by mean).
    public static let davisScales = [0.75, 0.8, 0.9, 1, 1.1, 1.2, 1.3]
    /// The scales of the official evaluation on MoCA.
    public static let mocaScales = [0.9, 0.95, 1, 1.05, 1.1]
    /// The scales of the official evaluation on YouTube-Objects.
    public static let youTubeObjectsScales = [0.95, 1, 1.05, 1.1, 1.15]
}

extension Clip {
    /// The clip at another size: frames by bilinear interpolation without antialiasing, the mask by its
    /// nearest pixels. A factor of 1 changes nothing; the size is truncated.
    public func scaled(by factor: Double) -> Clip {
        if factor == 1 { return self }
        let height = max(1, Int(Double(frames.shape[1]) * factor))
        let width = max(1, Int(Double(frames.shape[2]) * factor))
        return Clip(
            frames: resizedBilinear(frames, height: height, width: width),
            paddingMask: paddingMask.map { resizedNearest($0, height: height, width: width) })
    }

    /// The clip's mirror image, left and right exchanged.
    public func mirrored() -> Clip {
        Clip(frames: frames.flipped(axis: 2), paddingMask: paddingMask?.flipped(axis: 2))
    }
}
