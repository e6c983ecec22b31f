/// The weights of a pre-norm feed-forward block.
package struct FeedForwardWeights: Sendable {
    package let norm: NormVectors
    package let first: PackedPanels
    package let firstBias: FloatVector
    package let second: PackedPanels
    package let secondBias: FloatVector

    package init(
        norm: NormVectors, first: PackedPanels, firstBias: FloatVector, second: PackedPanels,
        secondBias: FloatVector
    ) {
        self.norm = norm
        self.first = first
        self.firstBias = firstBias
        self.second = second
        self.secondBias = secondBias
    }
}

/// Hidden channels of a step: what a step makes and reads stays in the second cache.
private let hiddenPerStep = 256

/// Rows of a task: as many as the second cache holds, fewer where tasks would be few, as long as the weights
/// are read for enough rows.
private func taskRows(of rows: Int) -> Int {
    let sharing = (rows + ThreadPool.wantedTasks - 1) / ThreadPool.wantedTasks
    return min(144, max(48, (sharing + productTileRows - 1) / productTileRows * productTileRows))
}

/// `stream += second(gelu(first(norm(stream))))` in place, row by row of `[rows, channels]`.
///
/// One task a run of rows. The hidden layer is never whole: a step makes some of its channels for the
/// task's rows and adds their share of the second product to the stream.
package func feedForward(
    _ stream: UnsafeMutablePointer<Float>, rows: Int, _ weights: FeedForwardWeights
) {
    let channels = weights.first.inner
    let hidden = weights.first.columns
    let rowsPerTask = taskRows(of: rows)
    let floats = rowsPerTask * (channels + min(hidden, hiddenPerStep))
    ThreadPool.shared.runRanges(rows, grain: rowsPerTask) { range in
        withScratch(floats: floats) { normed in
            let step = normed + rowsPerTask * channels
            let own = stream + range.lowerBound &* channels
            weights.norm(rows: range.count, own, into: normed)
            var begin = 0
            while begin < hidden {
                let end = min(hidden, begin &+ hiddenPerStep)
                packedProduct(
                    rows: 0..<range.count, columns: begin..<end, inner: 0..<channels, normed,
                    strideA: channels, weights.first, into: step - begin, strideC: end &- begin,
                    epilogue: Epilogue(bias: weights.firstBias.values, activation: .gelu))
                packedProduct(
                    rows: 0..<range.count, columns: 0..<channels, inner: begin..<end, step,
                    strideA: end &- begin, weights.second, into: own, strideC: channels,
                    epilogue: Epilogue(
                        bias: begin == 0 ? weights.secondBias.values : nil, accumulate: true))
                begin = end
            }
        }
    }
}
