import Kernels
import Tensor

extension DifferentiatedConvolution {
    /// The gradient of `x`: a convolution of the result's gradient with the turned kernel.
    var inputGradient: Tensor<Float> {
        if isDepthwise { return depthwiseInputGradient }
        let stride = geometry.stride
        if geometry.kernel.count == 1, !geometry.isPadded, stride.count > 1 {
            // One tap: first the product, then to every stride-th pixel.
            let none = Extent(frames: 0, height: 0, width: 0)
            let result = turnedConvolution(gradient, padding: none, trailingPadding: none)
            return spread(result, to: geometry.input)
        }
        let (t, y, x) = (axis(\.frames), axis(\.height), axis(\.width))
        let spacious =
            stride.count == 1
            ? gradient
            : spread(
                gradient,
                to: Extent(
                    frames: t.spreadLength, height: y.spreadLength, width: x.spreadLength))
        let cut =
            spacious.sliced(axis: 0, t.range).sliced(axis: 1, y.range).sliced(axis: 2, x.range)
        return turnedConvolution(
            cut, padding: Extent(frames: t.padding, height: y.padding, width: x.padding),
            trailingPadding: Extent(
                frames: t.trailingPadding, height: y.trailingPadding, width: x.trailingPadding))
    }

    /// What the turned convolution needs to know of one axis.
    private func axis(_ length: KeyPath<Extent, Int>) -> TurnedAxis {
        TurnedAxis(
            input: geometry.input[keyPath: length], output: geometry.output[keyPath: length],
            kernel: geometry.kernel[keyPath: length], stride: geometry.stride[keyPath: length],
            padding: geometry.padding[keyPath: length],
            trailingPadding: geometry.trailingPadding[keyPath: length],
            dilation: geometry.dilation[keyPath: length])
    }

    /// Convolves at stride 1 with the kernel turned around, outputs and inputs exchanged.
    private func turnedConvolution(
        _ gradient: Tensor<Float>, padding: Extent, trailingPadding: Extent
    ) -> Tensor<Float> {
        let kernel = geometry.kernel
        let turned = weight.reshaped(groups, outputs / groups, channels, kernel.count)
            .transposed(0, 2, 1, 3).flipped(axis: 3)
            .reshaped(
                groups * channels, outputs / groups, kernel.frames, kernel.height, kernel.width)
        return convolution(
            "convolutionGradients", gradient,
            PackedConvolution(turned, groups: groups, onlyStride1: true),
            stride: Extent(frames: 1, height: 1, width: 1), padding: padding,
            trailingPadding: trailingPadding, dilation: geometry.dilation)
    }

    /// Zeros of `size` with the pixels of `gradient` at multiples of the stride.
    private func spread(_ gradient: Tensor<Float>, to size: Extent) -> Tensor<Float> {
        let channels = gradient.shape[3]
        var result = Tensor<Float>(zeros: [size.frames, size.height, size.width, channels])
        gradient.withUnsafeBuffer { source in
            result.withUnsafeMutableBuffer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                spreadPixels(
                    from, geometry.output, channels: channels, stride: geometry.stride, into: to,
                    size)
            }
        }
        return result
    }

    private var depthwiseInputGradient: Tensor<Float> {
        let taps = weight.reshaped(outputs, geometry.kernel.count).transposed(1, 0)
        return Tensor(shape: x.shape) { result in
            gradient.withUnsafeBuffer { gradient in
                taps.withUnsafeBuffer { taps in
                    guard let gradient = gradient.baseAddress, let taps = taps.baseAddress,
                        let result = result.baseAddress
                    else { return }
                    Kernels.depthwiseInputGradient(gradient, taps, geometry, into: result)
                }
            }
        }
    }
}

/// One axis of the convolution that takes a gradient back: where its stride and padding lead.
private struct TurnedAxis {
    /// The gradient's length with zeros between its pixels, and behind them for the input's pixels that
    /// the stride left over.
    let spreadLength: Int
    /// Of the spread gradient, what reaches the input.
    let range: Range<Int>
    /// Zeros before it.
    let padding: Int
    /// Zeros behind it.
    let trailingPadding: Int

    init(
        input: Int, output: Int, kernel: Int, stride: Int, padding: Int, trailingPadding: Int,
        dilation: Int
    ) {
        let reach = dilation * (kernel - 1)
        spreadLength = input + padding + trailingPadding - reach
        // Padding beyond the kernel's reach makes results that saw zeros only.
        let unseen = max(0, padding - reach)
        range = unseen..<max(unseen, spreadLength - max(0, trailingPadding - reach))
        self.padding = max(0, reach - padding)
        self.trailingPadding = max(0, reach - trailingPadding)
    }
}
