import Checkpoints
import Layers
import Tensor

/// Four 3-D convolutions that turn features and attention maps into logits; the middle two see frames
/// up to four away.
///
/// `insmask_head` in `avos/models/medvt_swin.py`.
struct SegmentationHead3D: Sendable {
    private let convolutions: [Conv3d]
    private let norms: [GroupNorm]

    /// A head for features of `channels[0]` channels, with `channels[1...3]` in between.
    init(_ weights: WeightScope, channels: [Int], classes: Int) throws {
        convolutions = [
            try Conv3d(
                weights["0"], inputChannels: channels[0], outputChannels: channels[1],
                kernelSize: (1, 3, 3), padding: (0, 1, 1)),
            try Conv3d(
                weights["3"], inputChannels: channels[1], outputChannels: channels[2],
                kernelSize: (3, 3, 3), padding: (2, 2, 2), dilation: 2),
            try Conv3d(
                weights["6"], inputChannels: channels[2], outputChannels: channels[3],
                kernelSize: (3, 3, 3), padding: (2, 2, 2), dilation: 2),
            try Conv3d(
                weights["9"], inputChannels: channels[3], outputChannels: classes,
                kernelSize: (1, 1, 1), padding: (0, 0, 0)),
        ]
        norms = try ["1", "4", "7"].enumerated().map { index, name in
            try GroupNorm(weights[name], groups: 4, channels: channels[index + 1])
        }
    }

    /// The logits, `[frames, height, width, classes]`, of `features`,
    /// `[frames, height, width, channels]`.
    func callAsFunction(_ features: consuming Tensor<Float>, recorder: Recorder?) -> Tensor<Float> {
        var x = convolutions[0](features)
        recorder?.record("head.conv0") { x.batchedVolume }
        x = normalized(x, 0)
        recorder?.record("head.after3") { [x] in convolutions[1](x).batchedVolume }
        x = normalized(convolutions[1](x), 1)
        x = normalized(convolutions[2](x), 2)
        return convolutions[3](x)
    }

    /// Group statistics over the whole clip, then ReLU.
    private func normalized(_ x: Tensor<Float>, _ index: Int) -> Tensor<Float> {
        norms[index](x.expandedDimensions(axis: 0), activation: .relu).squeezed(axis: 0)
    }
}
