import Tensor

/// A binary mask as run lengths, read column by column: zeros first, then ones, in turn.
///
/// The same runs as COCO's run-length encoding; the first count is 0 where the first pixel is set.
public struct RunLengthMask: Sendable, Hashable {
    /// Rows of the mask.
    public let height: Int
    /// Columns of the mask.
    public let width: Int
    /// The lengths of the runs, whose sum is `height * width`.
    public let counts: [UInt32]

    /// A mask of known runs; their sum is checked by ``RunLengthMask/init(height:width:compressed:)``
    /// where they come from a file.
    package init(height: Int, width: Int, uncheckedCounts counts: [UInt32]) {
        self.height = height
        self.width = width
        self.counts = counts
    }

    /// The mask of a bitmap, `[height, width]`.
    public init(_ bitmap: Tensor<Bool>) {
        precondition(
            bitmap.rank == 2,
            "RunLengthMask: a bitmap of shape \(bitmap.shape) is not [height, width]")
        let (height, width) = (bitmap.shape[0], bitmap.shape[1])
        var counts: [UInt32] = []
        bitmap.withUnsafeBuffer { pixels in
            var current = false
            var run: UInt32 = 0
            for column in 0..<width {
                for row in 0..<height {
                    let pixel = pixels[row * width + column]
                    if pixel != current {
                        counts.append(run)
                        run = 0
                        current = pixel
                    }
                    run += 1
                }
            }
            counts.append(run)
        }
        self.init(height: height, width: width, uncheckedCounts: counts)
    }

    /// The mask as a bitmap, `[height, width]`.
    public var bitmap: Tensor<Bool> {
        var result = [Bool](repeating: false, count: height * width)
        var position = 0
        for (index, count) in counts.enumerated() {
            if index % 2 == 1 {
                for place in position..<position + Int(count) {
                    let (column, row) = place.quotientAndRemainder(dividingBy: height)
                    result[row * width + column] = true
                }
            }
            position += Int(count)
        }
        return Tensor(result, shape: [height, width])
    }

    /// How many pixels are set.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + Int(counts[$1]) }
    }

    /// Whether no pixel is set.
    public var isEmpty: Bool { counts.count < 2 }
}
