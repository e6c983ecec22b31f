import Tensor

/// What a session takes at its peak, beyond the model.
struct SeqFormerMemory {
    /// What is kept of a frame until it is decoded, and what decoding adds for it.
    private let keptBytes: Int
    private let decodingBytes: Int
    /// The logits of the masks of a frame.
    private let maskBytes: Int
    /// A frame's pixels.
    private let pictureBytes: Int
    /// What the backbone and the encoder take while they see a frame.
    private let encodingBytes: Int

    init(_ model: SeqFormer, _ video: VideoDescription, _ preprocessing: Preprocessing) {
        let configuration = model.configuration
        let size = preprocessing.paddedSize(height: video.height, width: video.width)
        let float = MemoryLayout<Float>.size
        let places = ((size.height + 7) / 8) * ((size.width + 7) / 8)
        // Levels a quarter of the one before.
        let tokens = places + places / 2
        keptBytes = float * (tokens * configuration.hiddenDimension + places * 8)
        decodingBytes =
            float * configuration.queries
            * (8 * configuration.hiddenDimension + configuration.feedForwardDimension)
        maskBytes = float * configuration.inference.topK * places * 4
        pictureBytes = 3 * (video.height * video.width + float * size.height * size.width)
        encodingBytes = size.height * size.width * Self.bytesPerPixel(configuration.backbone)
    }

    /// Measured at 360x640 and rounded up.
    private static func bytesPerPixel(_ backbone: SeqFormerConfiguration.BackboneKind) -> Int {
        switch backbone {
        case .resNet50, .resNet101: 180
        case .resNeXt101: 320
        case .swinLarge: 130
        }
    }

    /// All frames at once.
    func videoBytes(frames: Int?) -> Int {
        let frames = frames ?? 0
        let reading = 2 * SeqFormerVideoSession.framesAtOnce * pictureBytes
        return frames * keptBytes + max(encodingBytes + reading, frames * decodingBytes)
    }

    /// In clips.
    func clipBytes(length: Int, stride: Int) -> Int {
        // A clip and the next one; the logits of a clip, the soft masks and the sums of those before it.
        let clips = (length + stride - 1) / stride
        return length * (keptBytes + decodingBytes + 2 * pictureBytes) + encodingBytes
            + length * maskBytes * (2 + clips)
    }
}
