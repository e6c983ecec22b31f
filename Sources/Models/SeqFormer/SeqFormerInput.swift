import Masks
import Tensor

/// Frames of one size on their way into the network.
struct SeqFormerInput {
    /// The size of the network's input, without and with its padding.
    let size: MapSize
    let paddedSize: MapSize

    private let preprocessing: Preprocessing
    private let paddingMask: Tensor<Bool>?

    init(_ video: VideoDescription, _ preprocessing: Preprocessing) {
        self.preprocessing = preprocessing
        let size = preprocessing.inputSize(height: video.height, width: video.width)
        let padded = preprocessing.paddedSize(height: video.height, width: video.width)
        self.size = MapSize(height: size.height, width: size.width)
        paddedSize = MapSize(height: padded.height, width: padded.width)
        paddingMask = preprocessing.paddingMask(height: video.height, width: video.width)
    }

    /// What `model` keeps of each of the frames.
    func features(
        of frames: [Tensor<UInt8>], _ model: SeqFormer, recorder: Recorder?
    ) -> [SeqFormerFrame] {
        guard !frames.isEmpty else { return [] }
        return model.features(
            of: stacked(frames.map(preprocessing.callAsFunction)), paddingMask: paddingMask,
            recorder: recorder)
    }

    /// How a release makes the masks of a video of its masks at stride 4.
    func resizing(_ video: VideoDescription, _ release: SeqFormerConfiguration.Release)
        -> MaskResizing
    {
        switch release {
        case .original: .bilinear(height: video.height, width: video.width)
        case .vnext:
            .enlarged(
                by: 4, croppedTo: (size.height, size.width), height: video.height,
                width: video.width)
        }
    }
}
