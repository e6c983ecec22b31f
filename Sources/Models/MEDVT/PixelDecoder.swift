import Checkpoints
import Layers
import Tensor

/// The pixel decoder: from the encoder's deepest map down to the finest level, adding a lateral map at
/// each step; the last convolution is deformable.
///
/// `MaskHeadSmallConv` in `avos/models/medvtmm_swin_of.py` and `medvt_resnet.py`.
struct PixelDecoder: Sendable {
    private let convolutions: [Conv2d]
    private let norms: [GroupNorm]
    private let offsets: Conv2d
    private let deformable: DeformableConv2d

    init(_ weights: WeightScope, channels: Int) throws {
        convolutions = try (1...4).map {
            try Conv2d(
                weights["lay\($0)"], inputChannels: channels, outputChannels: channels,
                kernelSize: 3, padding: 1)
        }
        norms = try (1...5).map {
            try GroupNorm(weights["gn\($0)"], groups: 8, channels: channels)
        }
        offsets = try Conv2d(
            weights["conv_offset"], inputChannels: channels, outputChannels: 18, kernelSize: 1)
        deformable = try DeformableConv2d(
            weights["dcn"], inputChannels: channels, outputChannels: channels, kernelSize: 3,
            padding: 1, bias: false)
    }

    /// The maps that `taps` name, coarse to fine, each `[frames, height, width, channels]`.
    ///
    /// - Parameters:
    ///   - deepest: the encoder's output on the deepest level.
    ///   - lateral: makes the lateral map of step 0, 1 or 2: of the second deepest level to the finest.
    ///     It is called when the map is needed.
    func callAsFunction(
        _ deepest: Tensor<Float>, taps: [MEDVTConfiguration.PixelDecoderTap], recorder: Recorder?,
        lateral: (_ step: Int) -> Tensor<Float>
    ) -> [Tensor<Float>] {
        var kept: [Tensor<Float>] = []
        func keep(_ map: Tensor<Float>, _ tap: MEDVTConfiguration.PixelDecoderTap) {
            guard taps.contains(tap) else { return }
            recorder?.record("fpn\(kept.count)") { map.channelsFirst }
            kept.append(map)
        }
        keep(deepest, .input)
        var x = norms[0](convolutions[0](deepest), activation: .relu)
        x = norms[1](convolutions[1](x), activation: .relu)
        keep(x, .lay2)
        x = norms[2](convolutions[2](sum(lateral(0), x)), activation: .relu)
        keep(x, .lay3)
        x = norms[3](convolutions[3](sum(lateral(1), x)), activation: .relu)
        keep(x, .lay4)
        x = sum(lateral(2), x)
        let offset = offsets(x)
        recorder?.record("fpn.offset") { offset.channelsFirst }
        x = deformable(x, offsets: offset)
        recorder?.record("fpn.dcn") { x.channelsFirst }
        x = norms[4](x, activation: .relu)
        keep(x, .dcn)
        return kept
    }

    /// The lateral map plus `coarse` enlarged to its size by its nearest pixels.
    ///
    /// Consuming, so that the sum is made in the lateral map's own memory: the finest is the largest
    /// tensor of all.
    private func sum(
        _ lateral: consuming Tensor<Float>, _ coarse: Tensor<Float>
    ) -> Tensor<Float> {
        lateral += resizedNearest(coarse, height: lateral.shape[1], width: lateral.shape[2])
        return lateral
    }
}
