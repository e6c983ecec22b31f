import Tensor

/// The brightness of a frame, small, as the camera's motion is found in it.
struct GrayPicture: Sendable {
    let width: Int
    let height: Int
    let values: [Float]

    /// About how many rows or columns the largest picture of a pyramid has, whichever are fewer.
    private static let finest = 64
    /// A picture with fewer rows or columns is not halved.
    private static let coarsest = 32

    /// Each frame of `[frames, height, width, 3]` a few times smaller, then halved again and again; fine to coarse.
    static func pyramids(of frames: Tensor<Float>) -> [[GrayPicture]] {
        let (height, width) = (frames.shape[1], frames.shape[2])
        let factor = max(1, min(height, width) / finest)
        return frames.withUnsafeBuffer { pixels in
            (0..<frames.shape[0]).map { frame in
                let start = frame * height * width * 3
                var pyramid = [
                    GrayPicture(
                        UnsafeBufferPointer(rebasing: pixels[start..<start + height * width * 3]),
                        height: height, width: width, factor: factor)
                ]
                while let last = pyramid.last, min(last.width, last.height) >= coarsest {
                    pyramid.append(last.halved)
                }
                return pyramid
            }
        }
    }

    private init(width: Int, height: Int, values: [Float]) {
        (self.width, self.height, self.values) = (width, height, values)
    }

    /// Means over squares of `factor` pixels; what is left over at the right and below is left out.
    private init(
        _ pixels: UnsafeBufferPointer<Float>, height: Int, width: Int, factor: Int
    ) {
        let (columns, rows) = (width / factor, height / factor)
        let share = 1 / Float(3 * factor * factor)
        var values: [Float] = []
        values.reserveCapacity(rows * columns)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Float = 0
                for y in row * factor..<(row + 1) * factor {
                    let line = 3 * (y * width + column * factor)
                    for index in line..<line + 3 * factor { sum += pixels[index] }
                }
                values.append(sum * share)
            }
        }
        self.init(width: columns, height: rows, values: values)
    }

    /// Means over squares of two by two.
    private var halved: GrayPicture {
        let (columns, rows) = (width / 2, height / 2)
        var result: [Float] = []
        result.reserveCapacity(rows * columns)
        for row in 0..<rows {
            for column in 0..<columns {
                let at = 2 * row * width + 2 * column
                result.append(
                    (values[at] + values[at + 1] + values[at + width] + values[at + width + 1]) / 4)
            }
        }
        return GrayPicture(width: columns, height: rows, values: result)
    }
}
