import Kernels
import Tensor

/// A binary mask as run lengths, read column by column: zeros first, then ones, in turn.
///
/// The same runs as COCO's run-length encoding; the first count is 0 where the first pixel is set. No
/// other count is 0, so that equal masks have equal runs.
public struct RunLengthMask: Sendable, Hashable {
    /// Rows of the mask.
    public let height: Int
    /// Columns of the mask.
    public let width: Int
    /// The lengths of the runs, whose sum is `height * width`.
    public let counts: [UInt32]

    /// The most pixels of a mask: what COCO's 32-bit counts can tell.
    public static let mostPixels = Int(UInt32.max)

    /// A mask of runs that are known to be whole and in order.
    package init(height: Int, width: Int, uncheckedCounts counts: [UInt32]) {
        self.height = height
        self.width = width
        self.counts = counts
    }

    /// The mask with no pixel set.
    public init(emptyOfHeight height: Int, width: Int) {
        Self.require(height, width)
        self.init(height: height, width: width, uncheckedCounts: [UInt32(height * width)])
    }

    /// How many pixels are set.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + Int(counts[$1]) }
    }

    /// Whether no pixel is set.
    public var isEmpty: Bool { counts.count < 2 }

    /// Calls `body` with the pixels of each run of ones, counted column by column.
    package func forEachRun(_ body: (Range<Int>) -> Void) {
        var start = 0
        for (index, count) in counts.enumerated() {
            let end = start + Int(count)
            if index % 2 == 1 { body(start..<end) }
            start = end
        }
    }

    static func require(_ height: Int, _ width: Int) {
        let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
        precondition(
            height >= 0 && width >= 0 && !overflow && pixels <= mostPixels,
            "RunLengthMask: \(height) x \(width) is no size of a mask")
    }
}
