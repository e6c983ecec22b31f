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
    package let padding: Extent
    package let dilation: Extent
    package let output: Extent

    /// `channels` is the number of floats from pixel to pixel of the input.
    package init(
        input: Extent, channels: Int, kernel: Extent, stride: Extent, padding: Extent,
        dilation: Extent
    ) {
        self.input = input
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        output = Extent(
            frames: Self.outputLength(
                input.frames, kernel.frames, stride.frames, padding.frames, dilation.frames),
            height: Self.outputLength(
                input.height, kernel.height, stride.height, padding.height, dilation.height),
            width: Self.outputLength(
                input.width, kernel.width, stride.width, padding.width, dilation.width))
    }

    /// Whether each output pixel reads exactly the input pixel of the same index.
    package var isPointwise: Bool {
        kernel.count == 1 && stride.count == 1 && padding == Extent(frames: 0, height: 0, width: 0)
    }

    private static func outputLength(
        _ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int
    ) -> Int {
        let span = input + 2 * padding - dilation * (kernel - 1) - 1
        return span < 0 ? 0 : span / stride + 1
    }
}
