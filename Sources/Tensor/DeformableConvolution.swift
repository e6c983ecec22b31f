import Kernels

/// Deformable convolution (Dai et al. 2017, without modulation), stride 1, channels last.
///
/// Sampling is that of torchvision's `deform_conv2d`: bilinear, zero outside the image.
///
/// - Parameters:
///   - x: `[frames, height, width, inputs]`.
///   - offsets: `[frames, height, width, 2 * taps]` of the result: channel `2k` moves tap `k` down,
///     channel `2k + 1` to the right, in pixels.
///   - bias: `[outputs]`.
/// - Returns: `[frames, height, width, outputs]`.
public func deformConv2d(
    _ x: Tensor<Float>, offsets: Tensor<Float>, _ weight: PackedConvolution,
    bias: Tensor<Float>? = nil, padding: Int = 0
) -> Tensor<Float> {
    guard case .groups(let panels) = weight.storage, panels.count == 1, weight.kernel.frames == 1
    else {
        preconditionFailure(
            "deformConv2d: not a plain kernel over images: \(weight.kernel), \(weight.groups) groups"
        )
    }
    let geometry = geometry(
        "deformConv2d", x, weight, stride: Extent(frames: 1, height: 1, width: 1),
        padding: Extent(frames: 0, height: padding, width: padding),
        dilation: Extent(frames: 1, height: 1, width: 1))
    let output = geometry.output
    precondition(
        offsets.shape == [output.frames, output.height, output.width, 2 * weight.kernel.count],
        "deformConv2d: offsets \(offsets.shape) do not fit \(weight.kernel.count) taps over x \(x.shape)"
    )
    return withEpilogue(
        "deformConv2d", shape: [output.frames, output.height, output.width, weight.outputs],
        bias: bias, residual: nil, activation: .none
    ) { result, epilogue in
        x.withUnsafeBuffer { input in
            offsets.withUnsafeBuffer { offsets in
                guard let input = input.baseAddress, let offsets = offsets.baseAddress,
                    output.count > 0
                else { return }
                convolve(
                    DeformablePatches(input, offsets: offsets, geometry), panels[0], into: result,
                    strideC: weight.outputs, epilogue: epilogue)
            }
        }
    }.traced(
        from: [x, offsets, weight.source, bias], as: .deformableConvolution(padding: padding))
}
