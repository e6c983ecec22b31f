/// How a clip's tokens fall into shifted, zero-padded attention windows.
///
/// Padding, cyclic shift and partition (Liu et al., "Video Swin Transformer", 2022, section 3.2) are
/// index arithmetic here: no map is ever padded, rolled or copied. All triples are frames, height, width.
package struct WindowGrid: Sendable, Hashable {
    /// The clip's extent in tokens.
    package let extent: SIMD3<Int>
    /// The window in use: no axis is longer than the clip's.
    package let window: SIMD3<Int>
    /// How far the clip is rolled towards its origin before it is cut.
    package let shift: SIMD3<Int>
    /// How many windows lie along each axis.
    package let counts: SIMD3<Int>

    /// A grid of windows of exactly this size and shift.
    package init(extent: SIMD3<Int>, window: SIMD3<Int>, shift: SIMD3<Int>) {
        self.extent = extent
        self.window = window
        self.shift = shift
        counts = (extent &+ window &- 1) / window
    }

    /// The grid of one Swin block: on an axis that the full window covers, the window shrinks to the
    /// extent and nothing shifts; on the others a shifted block moves by half the full window.
    package init(extent: SIMD3<Int>, fullWindow: SIMD3<Int>, shifted: Bool) {
        let covered = extent .<= fullWindow
        let shift = shifted ? fullWindow / 2 : SIMD3<Int>()
        self.init(
            extent: extent, window: fullWindow.replacing(with: extent, where: covered),
            shift: shift.replacing(with: SIMD3<Int>(), where: covered))
    }

    /// How many windows there are.
    package var windows: Int { counts.x * counts.y * counts.z }

    /// How many tokens a window has, padding included.
    package var tokens: Int { window.x * window.y * window.z }

    /// Writes the index in the stream of each token of a window, -1 where it is padding.
    ///
    /// Windows and the tokens inside them count frames outermost, width innermost.
    /// - Returns: how many of them are not padding.
    @discardableResult
    package func fillRows(
        ofWindow index: Int, into rows: UnsafeMutablePointer<Int32>
    ) -> Int {
        let padded = counts &* window
        let origin = position(ofWindow: index) &* window &+ shift
        var token = 0
        var present = 0
        for frame in 0..<window.x {
            let t = wrapped(origin.x + frame, padded.x)
            for line in 0..<window.y {
                let y = wrapped(origin.y + line, padded.y)
                let inside = t < extent.x && y < extent.y
                let start = (t * extent.y + y) * extent.z
                for column in 0..<window.z {
                    let x = wrapped(origin.z + column, padded.z)
                    let isToken = inside && x < extent.z
                    rows[token] = isToken ? Int32(truncatingIfNeeded: start + x) : -1
                    present += isToken ? 1 : 0
                    token += 1
                }
            }
        }
        return present
    }

    /// Which of eight kinds a window is by the regions that it holds: bit 0 for frames, 1 for height, 2
    /// for width, set where the window is the last along a shifted axis. Kind 0 needs no mask.
    package func kind(ofWindow index: Int) -> Int {
        let place = position(ofWindow: index)
        var kind = 0
        for axis in 0..<3 where shift[axis] > 0 && place[axis] == counts[axis] - 1 {
            kind |= 1 << axis
        }
        return kind
    }

    /// Writes the region of each token of a window of `kind`; tokens of different regions lay apart
    /// before the cyclic shift, and attention between them is penalised.
    package func fillRegions(ofKind kind: Int, into regions: UnsafeMutablePointer<Int32>) {
        let boundary = window &- shift
        var token = 0
        for frame in 0..<window.x {
            for line in 0..<window.y {
                for column in 0..<window.z {
                    var region: Int32 = 0
                    if kind & 1 != 0, frame >= boundary.x { region |= 1 }
                    if kind & 2 != 0, line >= boundary.y { region |= 2 }
                    if kind & 4 != 0, column >= boundary.z { region |= 4 }
                    regions[token] = region
                    token += 1
                }
            }
        }
    }

    private func position(ofWindow index: Int) -> SIMD3<Int> {
        SIMD3(
            index / (counts.y * counts.z), index / counts.z % counts.y, index % counts.z)
    }

    @inline(__always)
    private func wrapped(_ coordinate: Int, _ length: Int) -> Int {
        coordinate < length ? coordinate : coordinate - length
    }
}
