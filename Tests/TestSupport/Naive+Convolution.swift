import Tensor

extension Naive {
    /// Convolution over clips with everything: `x` `[t, h, w, inputs]`, `weight`
    /// `[outputs, inputs / groups, kt, kh, kw]`; `stride`, `padding`, `dilation` are (t, h, w).
    public static func convolution(
        _ x: Tensor<Float>, _ weight: Tensor<Float>, bias: Tensor<Float>? = nil,
        stride: [Int] = [1, 1, 1], padding: [Int] = [0, 0, 0], dilation: [Int] = [1, 1, 1],
        groups: Int = 1
    ) -> Tensor<Float> {
        let (input, kernel, w) = (x.scalars, Array(weight.shape[2...]), weight.scalars)
        let (outputs, perGroup) = (weight.shape[0], weight.shape[1])
        let biases = bias?.scalars
        let taps = indices(of: kernel)
        let size = (0..<3).map { axis -> Int in
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            return (x.shape[axis] + 2 * padding[axis] - reach) / stride[axis] + 1
        }
        var result: [Float] = []
        for place in indices(of: size) {
            // The taps that are inside, and where the channels of their pixels begin.
            let inside = taps.enumerated().compactMap { tap, offset -> (tap: Int, start: Int)? in
                let at = (0..<3).map { axis in
                    place[axis] * stride[axis] + offset[axis] * dilation[axis] - padding[axis]
                }
                guard (0..<3).allSatisfy({ at[$0] >= 0 && at[$0] < x.shape[$0] }) else {
                    return nil
                }
                return (tap, ((at[0] * x.shape[1] + at[1]) * x.shape[2] + at[2]) * x.shape[3])
            }
            for output in 0..<outputs {
                let group = output / (outputs / groups)
                var sum = Double(biases?[output] ?? 0)
                for (tap, start) in inside {
                    for c in 0..<perGroup {
                        sum +=
                            Double(input[start + group * perGroup + c])
                            * Double(w[(output * perGroup + c) * taps.count + tap])
                    }
                }
                result.append(Float(sum))
            }
        }
        return Tensor(result, shape: size + [outputs])
    }

    /// Deformable convolution: `x` `[n, h, w, inputs]`, `offsets` `[n, oh, ow, 2 * taps]`, `weight`
    /// `[outputs, inputs, kh, kw]`.
    public static func deformableConvolution(
        _ x: Tensor<Float>, offsets: Tensor<Float>, _ weight: Tensor<Float>, padding: Int
    ) -> Tensor<Float> {
        let (frames, height, width, inputs) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let (outputs, kh, kw) = (weight.shape[0], weight.shape[2], weight.shape[3])
        let (oh, ow) = (offsets.shape[1], offsets.shape[2])
        let (input, w, moves) = (x.scalars, weight.scalars, offsets.scalars)

        func pixel(_ frame: Int, _ row: Int, _ column: Int, _ channel: Int) -> Double {
            guard row >= 0, row < height, column >= 0, column < width else { return 0 }
            return Double(input[((frame * height + row) * width + column) * inputs + channel])
        }
        func sample(_ frame: Int, _ y: Float, _ x: Float, _ channel: Int) -> Double {
            guard y > -1, x > -1, y < Float(height), x < Float(width) else { return 0 }
            let (row, column) = (Int(y.rounded(.down)), Int(x.rounded(.down)))
            let (down, right) = (Double(y) - Double(row), Double(x) - Double(column))
            return (1 - down) * (1 - right) * pixel(frame, row, column, channel)
                + (1 - down) * right * pixel(frame, row, column + 1, channel)
                + down * (1 - right) * pixel(frame, row + 1, column, channel)
                + down * right * pixel(frame, row + 1, column + 1, channel)
        }

        var result: [Float] = []
        for place in indices(of: [frames, oh, ow]) {
            let start = ((place[0] * oh + place[1]) * ow + place[2]) * 2 * kh * kw
            var patch: [Double] = []
            for tap in 0..<kh * kw {
                let y = Float(place[1] + tap / kw - padding) + moves[start + 2 * tap]
                let x = Float(place[2] + tap % kw - padding) + moves[start + 2 * tap + 1]
                patch += (0..<inputs).map { sample(place[0], y, x, $0) }
            }
            for output in 0..<outputs {
                var sum = 0.0
                for tap in 0..<kh * kw {
                    for c in 0..<inputs {
                        sum +=
                            patch[tap * inputs + c]
                            * Double(w[(output * inputs + c) * kh * kw + tap])
                    }
                }
                result.append(Float(sum))
            }
        }
        return Tensor(result, shape: [frames, oh, ow, outputs])
    }

    /// The maximum over windows of an image `[n, h, w, channels]`, padding ignored.
    public static func maxPool(_ x: Tensor<Float>, kernelSize: Int, stride: Int, padding: Int)
        -> Tensor<Float>
    {
        let size = (1...2).map { (x.shape[$0] + 2 * padding - kernelSize) / stride + 1 }
        let input = x.scalars
        let shape = [x.shape[0], size[0], size[1], x.shape[3]]
        let values = indices(of: shape).map { place in
            var best = -Float.infinity
            for tap in 0..<kernelSize * kernelSize {
                let row = place[1] * stride - padding + tap / kernelSize
                let column = place[2] * stride - padding + tap % kernelSize
                guard row >= 0, row < x.shape[1], column >= 0, column < x.shape[2] else { continue }
                let pixel = (place[0] * x.shape[1] + row) * x.shape[2] + column
                best = Swift.max(best, input[pixel * x.shape[3] + place[3]])
            }
            return best
        }
        return Tensor(values, shape: shape)
    }
}
