/// Attention among tokens whose queries are their keys: `out = softmax(scale * k k^T) v`.
///
/// Before its rows are divided by their sums, the matrix of weights is symmetric. Each block of it is computed once and used
/// twice: as it is for the tokens of its rows, transposed for those of its columns. No key is longer than 1, so no
/// score exceeds `scale`: weights are relative to that, and nothing looks for the largest score.
///
/// The sums of a block grow in an order that does not depend on threads: see ``MeetingOrder``.
package struct MutualAttention: Sendable {
    /// The most tokens of a block: their weights fit in the second cache.
    private static let mostTokens = 336
    /// Fewer make the products slower than rounds of few tasks do.
    private static let fewestTokens = 144
    /// Blocks are whole tiles of rows and whole panels of columns.
    private static let unit = 48

    private let blocks: [Range<Int>]
    private let groupOfBlock: [Int]
    /// Tokens of a block, of which the last of a group may have fewer.
    private let blockTokens: Int
    private let keyWidth: Int
    private let valueWidth: Int
    private let scale: Float
    private let excludesOwnGroup: Bool

    /// - Parameters:
    ///   - ownGroup: Where not 0, token `i` may not attend to the tokens `j` with `i / ownGroup == j / ownGroup`.
    ///   - scale: Above 0 and at most ``largestCosineScale``.
    package init(tokens: Int, keyWidth: Int, valueWidth: Int, scale: Float, ownGroup: Int) {
        self.keyWidth = keyWidth
        self.valueWidth = valueWidth
        self.scale = scale
        excludesOwnGroup = ownGroup > 0
        let group = ownGroup > 0 ? ownGroup : max(1, tokens)
        // As many blocks as make a round's tasks enough, within the bounds.
        let wanted = max(
            Self.fewestTokens, min(Self.mostTokens, tokens / (2 * ThreadPool.wantedTasks)))
        let parts = (group + wanted - 1) / wanted
        let size = ((group + parts - 1) / parts + Self.unit - 1) / Self.unit * Self.unit
        var blocks: [Range<Int>] = []
        var groups: [Int] = []
        for start in stride(from: 0, to: tokens, by: group) {
            let end = min(tokens, start + group)
            for first in stride(from: start, to: end, by: size) {
                blocks.append(first..<min(end, first + size))
                groups.append(start / group)
            }
        }
        self.blocks = blocks
        blockTokens = size
        groupOfBlock = groups
    }

    private var width: Int { AttentionPanels.padded(valueWidth) }
    /// Floats of the panels of one block.
    private var panelSize: Int {
        AttentionPanels.size(keys: blockTokens, keyWidth: keyWidth, valueWidth: valueWidth)
    }

    /// - Parameters:
    ///   - k: `[tokens, keyWidth]`, no row longer than 1.
    ///   - v: `[tokens, valueWidth]`.
    ///   - out: `[tokens, valueWidth]`. A token that may attend to none gets NaN.
    package func run(
        _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
    ) {
        let tokens = blocks.last?.upperBound ?? 0
        let order = MeetingOrder(blocks: blocks.count, lanes: 2 * ThreadPool.shared.threads) {
            !excludesOwnGroup || groupOfBlock[$0] != groupOfBlock[$1]
        }
        withScratch(floats: blocks.count * panelSize) { panels in
            withScratch(floats: tokens * (width + 1)) { memory in
                let sums = Sums(values: memory, weights: memory + tokens * width, width: width)
                ThreadPool.shared.run(blocks.count) { index in
                    prepare(index, k, v, panels, sums)
                }
                order.run { first, second in meet(first, second, k, panels, sums) }
                ThreadPool.shared.run(blocks.count) { index in
                    divide(blocks[index], sums, into: out)
                }
            }
        }
    }

    /// What the tokens have gathered so far.
    private struct Sums {
        /// `[tokens, width]`, a multiple of 16.
        let values: UnsafeMutablePointer<Float>
        /// `[tokens]`.
        let weights: UnsafeMutablePointer<Float>
        let width: Int

        func zero(_ tokens: Range<Int>) {
            (values + tokens.lowerBound * width).update(repeating: 0, count: tokens.count * width)
            (weights + tokens.lowerBound).update(repeating: 0, count: tokens.count)
        }
    }

    private func panels(_ index: Int, in memory: UnsafeMutablePointer<Float>) -> AttentionPanels {
        AttentionPanels(
            memory + index * panelSize, keys: blocks[index].count, keyWidth: keyWidth,
            valueWidth: valueWidth)
    }

    private func prepare(
        _ index: Int, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
        _ memory: UnsafeMutablePointer<Float>, _ sums: Sums
    ) {
        let panels = panels(index, in: memory)
        let first = blocks[index].lowerBound
        panels.pack(
            k: k + first * keyWidth, strideK: keyWidth, v: v + first * valueWidth,
            strideV: valueWidth)
        sums.zero(blocks[index])
    }

    private func meet(
        _ first: Int, _ second: Int, _ k: UnsafePointer<Float>,
        _ memory: UnsafeMutablePointer<Float>, _ sums: Sums
    ) {
        // Sixteen more than a whole number of lines of the caches: columns do not fall together.
        let stride = blockTokens + 16
        let (rows, columns) = (blocks[first], blocks[second])
        let (own, other) = (panels(first, in: memory), panels(second, in: memory))
        withScratch(floats: 2 * blockTokens * stride) { weights in
            productBlock(
                rows: rows.count, columns: 0..<other.paddedKeys, inner: keyWidth,
                k + rows.lowerBound * keyWidth, keyWidth, other.keys, keyWidth &* 16, weights,
                stride, .cosineWeights(scale: scale))
            for row in 0..<rows.count {
                sums.weights[rows.lowerBound &+ row] += sum(columns.count, weights + row &* stride)
            }
            gather(rows, weights, stride, from: other, sums)
            guard first != second else { return }
            let transposed = weights + blockTokens * stride
            transposeBlock(
                rows: rows.count, columns: columns.count, weights, strideFrom: stride,
                into: transposed, strideTo: stride)
            for row in 0..<columns.count {
                sums.weights[columns.lowerBound &+ row] += sum(
                    rows.count, transposed + row &* stride)
            }
            gather(columns, transposed, stride, from: own, sums)
        }
    }

    private func gather(
        _ tokens: Range<Int>, _ weights: UnsafePointer<Float>, _ stride: Int,
        from panels: AttentionPanels, _ sums: Sums
    ) {
        productBlock(
            rows: tokens.count, columns: 0..<width, inner: panels.keyCount, weights, stride,
            panels.values, panels.paddedKeys &* 16, sums.values + tokens.lowerBound * width, width,
            Epilogue(accumulate: true))
    }

    private func divide(_ tokens: Range<Int>, _ sums: Sums, into out: UnsafeMutablePointer<Float>) {
        for token in tokens {
            multiplied(
                valueWidth, sums.values + token &* width, by: 1 / sums.weights[token],
                into: out + token &* valueWidth)
        }
    }
}
