import Kernels
import Tensor

extension RunLengthMask {
    /// The mask of a bitmap, `[height, width]`.
    public init(_ bitmap: Tensor<Bool>) {
        precondition(
            bitmap.rank == 2,
            "RunLengthMask: a bitmap of shape \(bitmap.shape) is not [height, width]")
        let (height, width) = (bitmap.shape[0], bitmap.shape[1])
        Self.require(height, width)
        var runs = ColumnRuns(height: height, width: width)
        bitmap.withUnsafeBuffer { pixels in
            // A Bool is a byte that is 0 or 1.
            pixels.withMemoryRebound(to: UInt8.self) { bytes in
                guard let first = bytes.baseAddress else { return }
                for row in 0..<height { runs.add(first + row * width) }
            }
        }
        self.init(height: height, width: width, uncheckedCounts: runs.counts())
    }

    /// The mask as a bitmap, `[height, width]`.
    public var bitmap: Tensor<Bool> {
        Tensor(shape: [height, width]) { pixels in
            pixels.initialize(repeating: false)
            forEachRun { run in
                var (column, row) = run.lowerBound.quotientAndRemainder(dividingBy: height)
                var rest = run.count
                while rest > 0 {
                    let count = min(rest, height - row)
                    for place in row..<row + count { pixels[place * width + column] = true }
                    (column, row) = (column + 1, 0)
                    rest -= count
                }
            }
        }
    }
}
