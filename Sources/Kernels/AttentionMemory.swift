/// What the queries of one head attend to: keys and values, packed for the micro-kernel.
enum AttentionMemory {
    /// All of them packed beforehand, for many blocks of queries.
    case packed(AttentionPanels)
    /// As they are, for a single block of queries: some keys at a time are packed when their turn comes, and
    /// stay in the caches until they are done with.
    case plain(PlainAttentionMemory)

    /// Keys and values of a block of keys.
    struct Block {
        /// The first panel of keys, `[keyWidth, 16]`; the others follow.
        let keys: UnsafePointer<Float>
        /// The first panel of values, `[keys, 16]`.
        let values: UnsafePointer<Float>
        /// Floats from one panel of values to the next.
        let valuePanelStride: Int
    }

    /// The keys of a range that begins with a whole panel.
    func block(_ keys: Range<Int>) -> Block {
        switch self {
        case .packed(let panels):
            Block(
                keys: panels.keys + keys.lowerBound &* panels.keyWidth,
                values: panels.values + keys.lowerBound &* PackedPanels.width,
                valuePanelStride: panels.paddedKeys &* PackedPanels.width)
        case .plain(let memory): memory.packed(keys)
        }
    }
}

/// Keys and values that are packed a block at a time.
struct PlainAttentionMemory {
    let k: UnsafePointer<Float>
    let strideK: Int
    let v: UnsafePointer<Float>
    let strideV: Int
    let keyWidth: Int
    let valueWidth: Int
    /// `AttentionPanels.size` of the largest block, in floats.
    let scratch: UnsafeMutablePointer<Float>

    fileprivate func packed(_ keys: Range<Int>) -> AttentionMemory.Block {
        let panels = AttentionPanels(
            scratch, keys: keys.count, keyWidth: keyWidth, valueWidth: valueWidth)
        panels.pack(
            k: k + keys.lowerBound &* strideK, strideK: strideK,
            v: v + keys.lowerBound &* strideV, strideV: strideV)
        return AttentionMemory.packed(panels).block(0..<keys.count)
    }
}
