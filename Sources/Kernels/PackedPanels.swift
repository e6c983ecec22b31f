/// A matrix `[inner, columns]` in the order in which the micro-kernel reads it.
///
/// Panels of 16 columns, one after the other: `[columns / 16][inner][16]`, the last one filled up with
/// zeros. Weights are packed once, when a layer is built.
package final class PackedPanels: @unchecked Sendable {
    /// The columns of a panel: two vectors of eight.
    package static let width = 16

    package let inner: Int
    package let columns: Int
    package let panels: UnsafeMutablePointer<Float>

    /// Packs a weight whose element for `column` and inner index `i` lies at
    /// `column * columnStride + i * innerStride`.
    package convenience init(
        weight: UnsafePointer<Float>, columns: Int, inner: Int, columnStride: Int, innerStride: Int
    ) {
        self.init(
            weight: weight, columns: columns, columnStride: columnStride, taps: 1, tapStride: 0,
            channels: inner, channelStride: innerStride)
    }

    /// Packs a convolution's weight. The inner index runs over taps, then over the channels of each.
    ///
    /// The element for `column`, `tap` and `channel` lies at
    /// `column * columnStride + tap * tapStride + channel * channelStride`.
    package init(
        weight: UnsafePointer<Float>, columns: Int, columnStride: Int, taps: Int, tapStride: Int,
        channels: Int, channelStride: Int
    ) {
        inner = taps * channels
        self.columns = columns
        let count = (columns + Self.width - 1) / Self.width
        let panelSize = inner * Self.width
        // Each row of a panel in a cache line of its own.
        panels = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, count * panelSize) * MemoryLayout<Float>.stride, alignment: 64
        ).bindMemory(to: Float.self, capacity: max(1, count * panelSize))
        ThreadPool.shared.run(count) { panel in
            let first = panel &* Self.width
            let used = min(Self.width, columns - first)
            let destination = panels + panel &* panelSize
            if used < Self.width { destination.update(repeating: 0, count: panelSize) }
            let source = weight + first &* columnStride
            for channel in 0..<channels {
                for tap in 0..<taps {
                    let from = source + (tap &* tapStride &+ channel &* channelStride)
                    let to = destination + (tap &* channels &+ channel) &* Self.width
                    if used == Self.width, columnStride == 1 {
                        store(load(from), to)
                        store(load(from + 8), to + 8)
                    } else if used == Self.width {
                        for column in 0..<Self.width { to[column] = from[column &* columnStride] }
                    } else {
                        for column in 0..<used { to[column] = from[column &* columnStride] }
                    }
                }
            }
        }
    }

    deinit { panels.deallocate() }
}
