/// How SeqFormer's instances are made of the network's output.
///
/// The options of `INFERENCE` in VNext's configurations; the original release has none of them but the
/// number of entries.
public struct SeqFormerInference: Sendable, Equatable {
    /// How many entries (original) or queries (VNext) are kept of a video or a clip.
    public var topK = 10
    /// Whether a query is reported for each class whose score exceeds `scoreThreshold` (`MULTI_CLS_ON`),
    /// instead of for its best class only.
    public var reportsAllClasses = true
    /// The score that an entry must exceed (`APPLY_CLS_THRES`); unused by the original release.
    public var scoreThreshold: Float = 0.05
    /// Whether the video is seen in clips whose instances are matched (`CLIP_MATCHING`), instead of at
    /// once.
    public var matchesClips = false
    /// The frames of a clip (`CLIP_LENGTH`).
    public var clipLength = 5
    /// From the start of a clip to that of the next (`CLIP_STRIDE`).
    public var clipStride = 1

    /// The options of the official configurations.
    public init() {}
}

extension SeqFormerInference: Codable {
    private enum CodingKeys: String, CodingKey {
        case topK = "top_k"
        case reportsAllClasses = "MULTI_CLS_ON"
        case scoreThreshold = "APPLY_CLS_THRES"
        case matchesClips = "CLIP_MATCHING"
        case clipLength = "CLIP_LENGTH"
        case clipStride = "CLIP_STRIDE"
    }

    /// Reads the options under VNext's names. Every key is optional.
    public init(from decoder: any Decoder) throws {
        self.init()
        try read(from: decoder)
    }

    /// Reads the options that are given; the others stay.
    mutating func read(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        topK = try values.decodeIfPresent(Int.self, forKey: .topK) ?? topK
        reportsAllClasses =
            try values.decodeIfPresent(Bool.self, forKey: .reportsAllClasses) ?? reportsAllClasses
        scoreThreshold =
            try values.decodeIfPresent(Float.self, forKey: .scoreThreshold) ?? scoreThreshold
        matchesClips =
            try values.decodeIfPresent(Bool.self, forKey: .matchesClips) ?? matchesClips
        clipLength = try values.decodeIfPresent(Int.self, forKey: .clipLength) ?? clipLength
        clipStride = try values.decodeIfPresent(Int.self, forKey: .clipStride) ?? clipStride
    }
}

extension SeqFormerInference {
    /// Checks that instances can be made so.
    func validate() throws {
        try ConfigurationError.require((1...65536).contains(topK), "top_k", topK, "1 to 65536")
        try ConfigurationError.require(
            scoreThreshold >= 0 && scoreThreshold <= 1, "APPLY_CLS_THRES", scoreThreshold,
            "0 to 1")
        try ConfigurationError.require(
            (1...1024).contains(clipLength), "CLIP_LENGTH", clipLength, "1 to 1024")
        try ConfigurationError.require(
            (1...1024).contains(clipStride), "CLIP_STRIDE", clipStride, "1 to 1024")
    }
}
