/// The patches of a deformable convolution (Dai et al. 2017): every tap of every output pixel is moved by
/// an offset of its own and sampled bilinearly. Outside the image, and beside its edge, are zeros.
package struct DeformablePatches: PatchSource {
    private let input: UnsafePointer<Float>
    private let offsets: UnsafePointer<Float>
    private let geometry: ConvolutionGeometry

    /// `offsets` is `[frames, height, width, 2 * taps]` of the output: for each tap down, then right.
    package init(
        _ input: UnsafePointer<Float>, offsets: UnsafePointer<Float>,
        _ geometry: ConvolutionGeometry
    ) {
        self.input = input
        self.offsets = offsets
        self.geometry = geometry
    }

    package var channels: Int { geometry.channels }
    package var taps: Int { geometry.kernel.count }
    package var pixels: Int { geometry.output.count }

    package func gather(
        pixels: Range<Int>, taps: Range<Int>, into tile: UnsafeMutablePointer<Float>
    ) {
        let kernelWidth = geometry.kernel.width
        let rowLength = taps.count &* channels
        for tap in taps {
            let dy = tap / kernelWidth &* geometry.dilation.height &- geometry.padding.height
            let dx = tap % kernelWidth &* geometry.dilation.width &- geometry.padding.width
            var cursor = PixelCursor(pixels.lowerBound, of: geometry.output)
            var target = tile + (tap &- taps.lowerBound) &* channels
            var offset = offsets + (pixels.lowerBound &* self.taps &+ tap) &* 2
            for _ in 0..<pixels.count {
                sample(
                    frame: cursor.frame,
                    y: Float(cursor.row &* geometry.stride.height &+ dy) + offset[0],
                    x: Float(cursor.column &* geometry.stride.width &+ dx) + offset[1],
                    into: target)
                target += rowLength
                offset += 2 &* self.taps
                cursor.advance()
            }
        }
    }

    /// Writes the channels of the image at a point between pixels.
    @inline(__always)
    private func sample(frame: Int, y: Float, x: Float, into target: UnsafeMutablePointer<Float>) {
        guard let corners = BilinearCorners(frame: frame, y: y, x: x, size: geometry.input) else {
            clearFloats(target, count: channels)
            return
        }
        let pixels = corners.pixels
        blend(
            input + pixels.0 &* channels, corners.above * corners.before,
            input + pixels.1 &* channels, corners.above * corners.after,
            input + pixels.2 &* channels, corners.below * corners.before,
            input + pixels.3 &* channels, corners.below * corners.after, into: target)
    }

    /// Writes the weighted sum of four runs of channels.
    @inline(__always)
    private func blend(
        _ a: UnsafePointer<Float>, _ weightA: Float, _ b: UnsafePointer<Float>, _ weightB: Float,
        _ c: UnsafePointer<Float>, _ weightC: Float, _ d: UnsafePointer<Float>, _ weightD: Float,
        into target: UnsafeMutablePointer<Float>
    ) {
        let wideA = Float8(repeating: weightA)
        let wideB = Float8(repeating: weightB)
        let wideC = Float8(repeating: weightC)
        let wideD = Float8(repeating: weightD)
        var i = 0
        while i &+ 8 <= channels {
            var sum = load(a + i) * wideA
            sum = multiplyAdd(load(b + i), wideB, sum)
            sum = multiplyAdd(load(c + i), wideC, sum)
            sum = multiplyAdd(load(d + i), wideD, sum)
            store(sum, target + i)
            i &+= 8
        }
        while i < channels {
            target[i] = a[i] * weightA + b[i] * weightB + c[i] * weightC + d[i] * weightD
            i &+= 1
        }
    }
}
