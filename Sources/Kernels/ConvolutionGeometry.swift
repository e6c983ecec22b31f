/// Three lengths: a clip's, a kernel's, a stride's.
package struct Extent: Sendable, Equatable {
    package var frames: Int
    package var height: Int
    package var width: Int

    package init(frames: Int, height: Int, width: Int) {
        self.frames = frames
        self.height = height
        self.width = width
    }

    /// The product of the three.
    package var count: Int { frames * height * width }
}

/// Where a convolution over a channels-last clip reads and how large its result is.
///
/// A convolution over images is one whose kernel has one frame.
package struct ConvolutionGeometry: Sendable {
    package let input: Extent
    package let channels: Int
    package let kernel: Extent
    package let stride: Extent
    /// Zeros before the input along each axis.
    package let padding: Extent
    /// Zeros behind it.
    package let trailingPadding: Extent
    package let dilation: Extent
    package let output: Extent

    /// `channels` is the number of floats from pixel to pixel of the input. Without a padding of its own, the
    /// end of each axis has that of its beginning.
    package init(
        input: Extent, channels: Int, kernel: Extent, stride: Extent, padding: Extent,
        trailingPadding: Extent? = nil, dilation: Extent
    ) {
        let trailing = trailingPadding ?? padding
        self.input = input
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.trailingPadding = trailing
        self.dilation = dilation
        output = Extent(
            frames: Self.outputLength(
                input.frames, kernel.frames, stride.frames, padding.frames + trailing.frames,
                dilation.frames),
            height: Self.outputLength(
                input.height, kernel.height, stride.height, padding.height + trailing.height,
                dilation.height),
            width: Self.outputLength(
                input.width, kernel.width, stride.width, padding.width + trailing.width,
                dilation.width))
    }

    /// Whether each output pixel reads exactly the input pixel of the same index.
    package var isPointwise: Bool {
        kernel.count == 1 && stride.count == 1 && !isPadded
    }

    /// Whether there are zeros around the input.
    package var isPadded: Bool {
        let none = Extent(frames: 0, height: 0, width: 0)
        return padding != none || trailingPadding != none
    }

    /// The output columns none of whose taps lies beside the input; a run, perhaps empty, of them.
    var columnsInside: Range<Int> {
        let reach = (kernel.width - 1) * dilation.width
        let room = input.width - 1 - reach + padding.width
        guard room >= 0 else { return output.width..<output.width }
        let first = min(output.width, (padding.width + stride.width - 1) / stride.width)
        return first..<max(first, min(output.width, room / stride.width + 1))
    }

    private static func outputLength(
        _ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int
    ) -> Int {
        let span = input + padding - dilation * (kernel - 1) - 1
        return span < 0 ? 0 : span / stride + 1
    }
}
