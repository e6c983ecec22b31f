/// An encoder layer of Deformable DETR over frames of tokens, over the pool:
/// `x = norm1(x + attention(x + positions, x))`, then `norm2(x + second(relu(first(x))))`.
///
/// Attention needs the values of all tokens, which are made first. From there on, a task takes some tokens
/// through everything that is left: no map of queries, offsets, weights or hidden channels ever exists.
package struct DeformableEncoderBlock {
    package let weights: DeformableEncoderWeights
    package let levels: [SampledLevel]
    package let frames: Int
    /// Tokens of a frame.
    package let tokens: Int
    /// `[tokens, channels]`.
    package let positions: UnsafePointer<Float>
    /// `[tokens, 2]`.
    package let references: UnsafePointer<Float>
    /// `[levels, 2]`.
    package let validRatios: DeformableSampling.Points
    /// `[frames, tokens]`.
    package let paddingMask: UnsafePointer<Bool>?

    package init(
        _ weights: DeformableEncoderWeights, levels: [SampledLevel], frames: Int, tokens: Int,
        positions: UnsafePointer<Float>, references: UnsafePointer<Float>,
        validRatios: DeformableSampling.Points, paddingMask: UnsafePointer<Bool>?
    ) {
        self.weights = weights
        self.levels = levels
        self.frames = frames
        self.tokens = tokens
        self.positions = positions
        self.references = references
        self.validRatios = validRatios
        self.paddingMask = paddingMask
    }

    /// Tokens of a task and hidden channels of a step: what they need stays in the second cache.
    static let rowsPerTask = 96
    static let hiddenPerStep = 256

    var channels: Int { weights.value.weight.inner }

    /// Writes the layer's result, `[frames, tokens, channels]`; `x` is of the same shape.
    package func callAsFunction(
        _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
    ) {
        let blocks = (tokens + Self.rowsPerTask - 1) / Self.rowsPerTask
        withScratch(floats: frames * tokens * channels) { values in
            forEachBlock(blocks) { frame, rows in project(x, frame: frame, rows, into: values) }
            forEachBlock(blocks) { frame, rows in
                attend(x, values: values, frame: frame, rows, into: result)
            }
        }
    }

    private func forEachBlock(_ blocks: Int, _ body: (_ frame: Int, _ rows: Range<Int>) -> Void) {
        ThreadPool.shared.run(frames * blocks) { task in
            let first = task % blocks * Self.rowsPerTask
            body(task / blocks, first..<min(tokens, first + Self.rowsPerTask))
        }
    }
}
