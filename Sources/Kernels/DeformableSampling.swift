/// A map of a pyramid: its size and where its tokens begin among those of a frame.
package struct SampledLevel: Sendable {
    package let height: Int
    package let width: Int
    package let start: Int

    package init(height: Int, width: Int, start: Int) {
        self.height = height
        self.width = width
        self.start = start
    }
}

/// Multi-scale deformable attention's sampling (Deformable DETR, Zhu et al. 2021, section 4.1): every
/// query reads each level of the value pyramid at a few points of its own, bilinearly, and sums what it
/// read by the softmax of its weights. Beside the edge of a map are zeros.
///
/// Neither locations nor softmax exist as tensors: both are made point by point where they are used.
package struct DeformableSampling {
    /// The pyramid's values: of a frame, then of a head, then of a token, `width` floats side by side.
    package struct Values {
        package let start: UnsafePointer<Float>
        package let frameStride: Int
        package let tokenStride: Int
        package let headStride: Int

        package init(
            _ start: UnsafePointer<Float>, frameStride: Int, tokenStride: Int, headStride: Int
        ) {
            self.start = start
            self.frameStride = frameStride
            self.tokenStride = tokenStride
            self.headStride = headStride
        }
    }

    /// What each query says about its points. A frame stride of 0 means the same for all frames.
    package struct Points {
        package let start: UnsafePointer<Float>
        package let frameStride: Int

        package init(_ start: UnsafePointer<Float>, frameStride: Int) {
            self.start = start
            self.frameStride = frameStride
        }
    }

    package let levels: [SampledLevel]
    package let frames: Int
    package let queries: Int
    package let heads: Int
    /// Channels of a head.
    package let width: Int
    /// Points that a head reads of each level.
    package let points: Int
    package let values: Values
    /// `[queries, heads, levels, points, 2]`, x first.
    package let offsets: Points
    /// `[queries, heads, levels, points]`, before the softmax.
    package let logits: Points
    /// `[queries, referenceWidth]`.
    package let references: Points
    /// 2: x and y of a point; 4: of a box's centre, then its width and height. Shares of the valid area.
    package let referenceWidth: Int
    /// `[levels, 2]`: the share of each map's width and height that is no padding.
    package let validRatios: Points

    package init(
        levels: [SampledLevel], frames: Int, queries: Int, heads: Int, width: Int, points: Int,
        values: Values, offsets: Points, logits: Points, references: Points, referenceWidth: Int,
        validRatios: Points
    ) {
        self.levels = levels
        self.frames = frames
        self.queries = queries
        self.heads = heads
        self.width = width
        self.points = points
        self.values = values
        self.offsets = offsets
        self.logits = logits
        self.references = references
        self.referenceWidth = referenceWidth
        self.validRatios = validRatios
    }

    /// Queries of a task. All tasks of a head follow each other: its values stay in the second cache.
    private static let queriesPerTask = 256

    /// Writes `[frames, queries, heads * width]`, over the pool.
    package func callAsFunction(into result: UnsafeMutablePointer<Float>) {
        let chunks = (queries + Self.queriesPerTask - 1) / Self.queriesPerTask
        ThreadPool.shared.run(frames * heads * chunks) { task in
            let chunk = task % chunks
            let head = task / chunks % heads
            let frame = task / (chunks &* heads)
            let first = chunk &* Self.queriesPerTask
            sample(
                frame: frame, head: head,
                queries: first..<min(queries, first &+ Self.queriesPerTask),
                into: result + frame &* queries &* heads &* width)
        }
    }

    /// The same on the calling thread.
    func sampleHere(into result: UnsafeMutablePointer<Float>) {
        for frame in 0..<frames {
            for head in 0..<heads {
                sample(
                    frame: frame, head: head, queries: 0..<queries,
                    into: result + frame &* queries &* heads &* width)
            }
        }
    }

    /// One head of some queries of one frame.
    private func sample(
        frame: Int, head: Int, queries: Range<Int>, into result: UnsafeMutablePointer<Float>
    ) {
        let perHead = levels.count &* points
        let groups = (perHead &+ 7) / 8
        let offsets = offsets.start + (frame &* offsets.frameStride &+ head &* perHead &* 2)
        let logits = logits.start + (frame &* logits.frameStride &+ head &* perHead)
        let references = references.start + frame &* references.frameStride
        let values = values.start + (frame &* values.frameStride &+ head &* values.headStride)
        withUnsafeTemporaryAllocation(of: PointGroup.self, capacity: groups) { table in
            withUnsafeTemporaryAllocation(of: TapGroup.self, capacity: groups) { taps in
                guard let table = table.baseAddress, let taps = taps.baseAddress else { return }
                fill(
                    table, groups: groups,
                    ratios: validRatios.start + frame &* validRatios.frameStride)
                for query in queries {
                    let row = query &* heads
                    locate(
                        table, count: perHead,
                        offsets: offsets + row &* perHead &* 2, logits: logits + row &* perHead,
                        reference: references + query &* referenceWidth, into: taps)
                    gather(
                        taps, count: perHead, from: values,
                        into: result + (row &+ head) &* width)
                }
            }
        }
    }
}
