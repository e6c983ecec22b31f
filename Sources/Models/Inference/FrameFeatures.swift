import Tensor

/// The feature maps of a video's frames as one look shows them, kept while windows to come hold the same
/// frames: what a ``FrameBackbone`` makes of a frame does not depend on the frames beside it.
///
/// Holds the maps of one window's frames at most. Used by one thread at a time.
public final class FrameFeatures {
    /// The frames of the next clip, by their index in the video.
    private var frames: [Int] = []
    /// The levels of each frame, `[1, height, width, channels]`.
    private var kept: [Int: [Tensor<Float>]] = [:]

    /// Nothing is kept yet.
    public init() {}

    /// Says which frames the next clip consists of, by their index in the video. What is kept of others is
    /// given up.
    public func move(to frames: [Int]) {
        self.frames = frames
        let wanted = Set(frames)
        kept = kept.filter { wanted.contains($0.key) }
    }

    /// How many frames have features that are kept.
    public var count: Int { kept.count }

    /// All levels of `clip`, `[frames, height, width, 3]`, whose frames ``move(to:)`` has named: what is not
    /// there yet is computed and kept.
    public func levels(of clip: Tensor<Float>, by backbone: any FrameBackbone) -> [Tensor<Float>] {
        precondition(
            clip.shape[0] == frames.count,
            "FrameFeatures: a clip of \(clip.shape[0]) frames, but frames \(frames) were announced")
        var missing: [Int] = []
        for (position, frame) in frames.enumerated() {
            if kept[frame] == nil, frames.firstIndex(of: frame) == position {
                missing.append(position)
            }
        }
        if !missing.isEmpty {
            let made = backbone(takeRows(clip, missing), recorder: nil)
            for (row, position) in missing.enumerated() {
                // Copies: a view would keep the maps of the other frames too.
                kept[frames[position]] =
                    missing.count == 1 ? made : made.map { takeRows($0, [row]) }
            }
        }
        return backbone.levelChannels.indices.map { level in
            concatenated(frames.compactMap { kept[$0]?[level] }, axis: 0)
        }
    }
}

/// The features of frames at each look at a video, as far as they may be kept.
final class LooksFeatures {
    /// One way of looking at a window: at a scale, mirrored or not.
    struct Look: Hashable {
        let scale: Double
        let isMirrored: Bool
    }

    private let features: [Look: FrameFeatures]

    /// How many bytes are kept at most.
    let bytes: Int

    /// As many looks as fit into `limit` bytes.
    ///
    /// - Parameter bytesAtScale1: what a look without enlargement keeps.
    init(of augmentation: TestTimeAugmentation, bytesAtScale1: Int, limit: Int) {
        var features: [Look: FrameFeatures] = [:]
        var bytes = 0
        for scale in augmentation.scales {
            for isMirrored in augmentation.flip == nil ? [false] : [false, true] {
                let more = Int(Double(bytesAtScale1) * scale * scale)
                let look = Look(scale: scale, isMirrored: isMirrored)
                guard features[look] == nil, bytes + more <= limit else { continue }
                bytes += more
                features[look] = FrameFeatures()
            }
        }
        self.features = features
        self.bytes = bytes
    }

    /// Says which frames the next window holds, by their index in the video.
    func move(to frames: [Int]) {
        for look in features.values { look.move(to: frames) }
    }

    /// What is kept of a look; `nil` where nothing may be.
    subscript(scale: Double, isMirrored isMirrored: Bool) -> FrameFeatures? {
        features[Look(scale: scale, isMirrored: isMirrored)]
    }
}
