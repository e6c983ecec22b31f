/// The patches of an ordinary convolution: strided, dilated, padded with zeros, over frames as well.
package struct ConvolutionPatches: PatchSource {
    private let input: UnsafePointer<Float>
    private let geometry: ConvolutionGeometry
    package let channels: Int

    /// `input` is moved to the first channel of a group; `channels` are those of the group.
    package init(_ input: UnsafePointer<Float>, _ geometry: ConvolutionGeometry, channels: Int) {
        self.input = input
        self.geometry = geometry
        self.channels = channels
    }

    package var taps: Int { geometry.kernel.count }
    package var pixels: Int { geometry.output.count }

    package func gather(
        pixels: Range<Int>, taps: Range<Int>, into tile: UnsafeMutablePointer<Float>
    ) {
        let kernel = geometry.kernel
        let rowLength = taps.count &* channels
        // Neighbouring taps of a kernel row lie side by side in the input where all channels are wanted.
        let joinsTaps = geometry.dilation.width == 1 && geometry.channels == channels
        var tap = taps.lowerBound
        while tap < taps.upperBound {
            let kernelColumn = tap % kernel.width
            let kernelRow = tap / kernel.width % kernel.height
            let kernelFrame = tap / (kernel.width &* kernel.height)
            let count =
                joinsTaps ? min(kernel.width &- kernelColumn, taps.upperBound &- tap) : 1
            gatherTaps(
                count, at: (kernelFrame, kernelRow, kernelColumn), pixels: pixels,
                into: tile + (tap &- taps.lowerBound) &* channels, rowLength: rowLength)
            tap &+= count
        }
    }

    /// Gathers `count` neighbouring taps of one kernel row for all pixels.
    @inline(__always)
    private func gatherTaps(
        _ count: Int, at kernel: (frame: Int, row: Int, column: Int), pixels: Range<Int>,
        into tile: UnsafeMutablePointer<Float>, rowLength: Int
    ) {
        let size = geometry.input
        let stride = geometry.stride
        let dy = kernel.row &* geometry.dilation.height &- geometry.padding.height
        let dx = kernel.column &* geometry.dilation.width &- geometry.padding.width
        let dt = kernel.frame &* geometry.dilation.frames &- geometry.padding.frames
        var cursor = PixelCursor(pixels.lowerBound, of: geometry.output)
        var target = tile
        for _ in 0..<pixels.count {
            let frame = cursor.frame &* stride.frames &+ dt
            let row = cursor.row &* stride.height &+ dy
            let column = cursor.column &* stride.width &+ dx
            let begin = min(count, max(0, 0 &- column))
            let end = max(begin, min(count, size.width &- column))
            if frame >= 0, frame < size.frames, row >= 0, row < size.height, begin < end {
                let pixel = (frame &* size.height &+ row) &* size.width &+ column
                if begin > 0 { clearFloats(target, count: begin &* channels) }
                copyFloats(
                    input + (pixel &+ begin) &* geometry.channels,
                    to: target + begin &* channels, count: (end &- begin) &* channels)
                if end < count {
                    clearFloats(target + end &* channels, count: (count &- end) &* channels)
                }
            } else {
                clearFloats(target, count: count &* channels)
            }
            target += rowLength
            cursor.advance()
        }
    }
}
