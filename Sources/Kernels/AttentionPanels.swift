/// The keys and values of one head in the order in which the micro-kernel reads them.
///
/// Keys transposed, `[keys / 16][keyWidth][16]`; values `[valueWidth / 16][keys][16]`. Both are filled up
/// with zeros to a multiple of 16 keys, and values to a multiple of 16 columns.
struct AttentionPanels {
    let keys: UnsafeMutablePointer<Float>
    let values: UnsafeMutablePointer<Float>
    let keyCount: Int
    let keyWidth: Int
    let valueWidth: Int

    var paddedKeys: Int { Self.padded(keyCount) }
    var paddedValueWidth: Int { Self.padded(valueWidth) }

    /// Floats that the panels of one head take.
    static func size(keys: Int, keyWidth: Int, valueWidth: Int) -> Int {
        padded(keys) &* (keyWidth &+ padded(valueWidth))
    }

    init(
        _ memory: UnsafeMutablePointer<Float>, keys: Int, keyWidth: Int, valueWidth: Int
    ) {
        self.keys = memory
        values = memory + Self.padded(keys) &* keyWidth
        keyCount = keys
        self.keyWidth = keyWidth
        self.valueWidth = valueWidth
    }

    /// Fills all panels.
    func pack(
        k: UnsafePointer<Float>, strideK: Int, v: UnsafePointer<Float>, strideV: Int
    ) {
        pack(
            panels: 0..<paddedKeys / PackedPanels.width, k: k, strideK: strideK, v: v,
            strideV: strideV)
    }

    /// Fills the panels of the keys `16 * panels.lowerBound ..< 16 * panels.upperBound`.
    func pack(
        panels: Range<Int>, k: UnsafePointer<Float>, strideK: Int, v: UnsafePointer<Float>,
        strideV: Int
    ) {
        for panel in panels {
            let first = panel &* PackedPanels.width
            let count = min(PackedPanels.width, keyCount &- first)
            packKeys(k + first &* strideK, strideK, count, into: keys + first &* keyWidth)
            packValues(v + first &* strideV, strideV, count, into: values + first &* 16)
        }
    }

    private func packKeys(
        _ k: UnsafePointer<Float>, _ stride: Int, _ count: Int,
        into panel: UnsafeMutablePointer<Float>
    ) {
        if count < 16 { panel.update(repeating: 0, count: keyWidth &* 16) }
        transposeBlock(
            rows: count, columns: keyWidth, k, strideFrom: stride, into: panel, strideTo: 16)
    }

    private func packValues(
        _ v: UnsafePointer<Float>, _ stride: Int, _ count: Int,
        into panel: UnsafeMutablePointer<Float>
    ) {
        let panelStride = paddedKeys &* 16
        for key in 0..<16 {
            var column = 0
            while column < valueWidth {
                let to = panel + column / 16 &* panelStride + key &* 16
                let from = v + key &* stride + column
                let width = min(16, valueWidth &- column)
                if key < count, width == 16 {
                    store(load(from), to)
                    store(load(from + 8), to + 8)
                } else {
                    let used = key < count ? width : 0
                    for i in 0..<16 { to[i] = i < used ? from[i] : 0 }
                }
                column &+= 16
            }
        }
    }

    /// The next multiple of 16.
    static func padded(_ count: Int) -> Int { (count &+ 15) & ~15 }
}
