/// Output pixels whose patches' gradients a task holds at once.
private let pixelsAtOnce = 64

/// The gradients of a deformable convolution's input and offsets.
///
/// The gradient of each patch is made by a product, then goes to the four pixels around each of its
/// points; the offsets collect what the points would gain by moving. Frames, and slices of the channels
/// where frames are few, are tasks: no two add to the same element.
package struct DeformableConvolutionGradients {
    private let input: UnsafePointer<Float>
    private let offsets: UnsafePointer<Float>
    private let gradient: UnsafePointer<Float>
    private let geometry: ConvolutionGeometry

    /// - Parameters:
    ///   - offsets: `[output pixels, 2 * taps]`.
    ///   - gradient: `[output pixels, outputs]`.
    ///   - geometry: of stride 1.
    package init(
        _ input: UnsafePointer<Float>, offsets: UnsafePointer<Float>,
        gradient: UnsafePointer<Float>, _ geometry: ConvolutionGeometry
    ) {
        self.input = input
        self.offsets = offsets
        self.gradient = gradient
        self.geometry = geometry
    }

    /// Computes both gradients.
    ///
    /// - Parameters:
    ///   - slices: of the channels, equally wide: of each, the weight `[outputs, taps * channels]`.
    ///   - inputGradient: `[input pixels, channels]`.
    ///   - offsetGradient: `[output pixels, 2 * taps]`.
    package func compute(
        slices: [PackedPanels], inputGradient: UnsafeMutablePointer<Float>,
        offsetGradient: UnsafeMutablePointer<Float>
    ) {
        let size = geometry.output.count * 2 * geometry.kernel.count
        withScratch(floats: (slices.count - 1) * size) { scratch in
            ThreadPool.shared.run(geometry.input.frames * slices.count) { task in
                let slice = task % slices.count
                let channels = geometry.channels / slices.count
                computeSlice(
                    frame: task / slices.count, channels: slice * channels..<(slice + 1) * channels,
                    slices[slice], inputGradient: inputGradient,
                    offsetGradient: slice == 0 ? offsetGradient : scratch + (slice - 1) * size)
            }
            addParts(scratch, slices.count - 1, size: size, to: offsetGradient)
        }
    }

    private func computeSlice(
        frame: Int, channels: Range<Int>, _ weight: PackedPanels,
        inputGradient: UnsafeMutablePointer<Float>, offsetGradient: UnsafeMutablePointer<Float>
    ) {
        let pixelsOfFrame = geometry.input.height &* geometry.input.width
        for pixel in frame &* pixelsOfFrame..<(frame &+ 1) &* pixelsOfFrame {
            clearFloats(
                inputGradient + (pixel &* geometry.channels &+ channels.lowerBound),
                count: channels.count)
        }
        let results = geometry.output.height &* geometry.output.width
        withScratch(floats: pixelsAtOnce * weight.columns) { patches in
            var first = frame &* results
            let end = first &+ results
            while first < end {
                let count = min(pixelsAtOnce, end &- first)
                packedProduct(
                    rows: count, gradient + first &* weight.inner, strideA: weight.inner, weight,
                    into: patches, strideC: weight.columns)
                scatter(
                    patches, pixels: first..<first &+ count, channels: channels,
                    inputGradient: inputGradient, offsetGradient: offsetGradient)
                first &+= count
            }
        }
    }

    /// Takes the patches' gradients `[pixels, taps * channels]` back to the input and the offsets.
    private func scatter(
        _ patches: UnsafePointer<Float>, pixels: Range<Int>, channels: Range<Int>,
        inputGradient: UnsafeMutablePointer<Float>, offsetGradient: UnsafeMutablePointer<Float>
    ) {
        let (padding, dilation, taps) = (geometry.padding, geometry.dilation, geometry.kernel.count)
        var cursor = PixelCursor(pixels.lowerBound, of: geometry.output)
        var patch = patches
        for pixel in pixels {
            for tap in 0..<taps {
                let row =
                    cursor.row &+ tap / geometry.kernel.width &* dilation.height &- padding.height
                let column =
                    cursor.column &+ tap % geometry.kernel.width &* dilation.width
                    &- padding.width
                let offset = (pixel &* taps &+ tap) &* 2
                let moved = takeBack(
                    patch, frame: cursor.frame, y: Float(row) + offsets[offset],
                    x: Float(column) + offsets[offset + 1], channels: channels, into: inputGradient)
                offsetGradient[offset] = moved.down
                offsetGradient[offset + 1] = moved.right
                patch += channels.count
            }
            cursor.advance()
        }
    }

    /// Adds a point's gradient to the pixels around it; returns the gradient of the point's place.
    @inline(__always)
    private func takeBack(
        _ gradient: UnsafePointer<Float>, frame: Int, y: Float, x: Float, channels: Range<Int>,
        into inputGradient: UnsafeMutablePointer<Float>
    ) -> (down: Float, right: Float) {
        guard let corners = BilinearCorners(frame: frame, y: y, x: x, size: geometry.input) else {
            return (0, 0)
        }
        let (count, first, pitch) = (channels.count, channels.lowerBound, geometry.channels)
        let a = accumulate(
            gradient, corners.above * corners.before, count,
            input + (corners.pixels.0 &* pitch &+ first),
            inputGradient + (corners.pixels.0 &* pitch &+ first))
        let b = accumulate(
            gradient, corners.above * corners.after, count,
            input + (corners.pixels.1 &* pitch &+ first),
            inputGradient + (corners.pixels.1 &* pitch &+ first))
        let c = accumulate(
            gradient, corners.below * corners.before, count,
            input + (corners.pixels.2 &* pitch &+ first),
            inputGradient + (corners.pixels.2 &* pitch &+ first))
        let d = accumulate(
            gradient, corners.below * corners.after, count,
            input + (corners.pixels.3 &* pitch &+ first),
            inputGradient + (corners.pixels.3 &* pitch &+ first))
        return (
            corners.aboveSlope * (corners.before * a + corners.after * b)
                + corners.belowSlope * (corners.before * c + corners.after * d),
            corners.beforeSlope * (corners.above * a + corners.below * c)
                + corners.afterSlope * (corners.above * b + corners.below * d)
        )
    }

    /// `result += weight * gradient`; returns the product of `gradient` and `values`.
    @inline(__always)
    private func accumulate(
        _ gradient: UnsafePointer<Float>, _ weight: Float, _ count: Int,
        _ values: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>
    ) -> Float {
        let wide = Float8(repeating: weight)
        var product = Float8(repeating: 0)
        var i = 0
        while i &+ 8 <= count {
            let part = load(gradient + i)
            product = multiplyAdd(part, load(values + i), product)
            store(multiplyAdd(part, wide, load(result + i)), result + i)
            i &+= 8
        }
        var sum = horizontalSum(product)
        while i < count {
            sum += gradient[i] * values[i]
            result[i] += gradient[i] * weight
            i &+= 1
        }
        return sum
    }
}
