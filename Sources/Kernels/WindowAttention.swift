/// What the attention of all windows of one Swin block shares.
package struct WindowAttentionWeights: Sendable {
    package let channels: Int
    package let heads: Int
    /// Layer norm before the projection.
    package let norm: NormVectors
    /// One matrix a head: `channels` to the head's query, key and value, side by side.
    package let queryKeyValue: [PackedPanels]
    /// `[heads, 3 * headWidth]`.
    package let queryKeyValueBias: FloatVector
    package let projection: PackedPanels
    package let projectionBias: FloatVector

    package init(
        channels: Int, heads: Int, norm: NormVectors, queryKeyValue: [PackedPanels],
        queryKeyValueBias: FloatVector, projection: PackedPanels, projectionBias: FloatVector
    ) {
        self.channels = channels
        self.heads = heads
        self.norm = norm
        self.queryKeyValue = queryKeyValue
        self.queryKeyValueBias = queryKeyValueBias
        self.projection = projection
        self.projectionBias = projectionBias
    }

    var headWidth: Int { channels / heads }
}

/// The relative position bias of all heads, `[heads, tokens, stride]`.
package struct PositionBias {
    package let values: UnsafePointer<Float>
    package let stride: Int

    package init(values: UnsafePointer<Float>, stride: Int) {
        self.values = values
        self.stride = stride
    }
}

/// One Swin attention block over a whole clip, in place: `stream += projection(attention(norm(stream)))`.
///
/// One task a window. A task gathers the window's rows with the norm applied, then goes head by head
/// (query, key and value of a head stay in the second cache), projects, and adds the result to the
/// window's own rows. Nothing of the size of the stream is made.
///
/// Padding tokens are zeros after the norm: their query, key and value are the bias, and they take part
/// as keys. Windows that the cyclic shift made of regions from afar add -100 between regions.
///
/// - Parameters:
///   - stream: `[frames * height * width, channels]`.
///   - attended: receives each window's projected attention, `[windows, tokens, channels]`, padding
///     included, where given.
package func attendWindows(
    of stream: UnsafeMutablePointer<Float>, grid: WindowGrid, _ weights: WindowAttentionWeights,
    bias: PositionBias, attended: UnsafeMutablePointer<Float>? = nil
) {
    let size = WindowScratch.floats(grid, weights, bias)
    ThreadPool.shared.run(grid.windows) { index in
        withScratch(floats: size) { block in
            attendWindow(
                index, of: stream, grid: grid, weights, bias: bias,
                WindowScratch(block, grid, weights), attended: attended)
        }
    }
}

/// Where a task keeps what it makes.
private struct WindowScratch {
    /// `[tokens, channels]`: the normed rows, later the projected ones.
    let input: UnsafeMutablePointer<Float>
    /// `[tokens, channels]`: the heads' results side by side.
    let output: UnsafeMutablePointer<Float>
    /// `[tokens, headStride]`: query, key and value of one head.
    let head: UnsafeMutablePointer<Float>
    let headStride: Int
    /// `[tokens, biasStride]`: bias and mask of one head, in windows of several regions.
    let bias: UnsafeMutablePointer<Float>

    init(
        _ block: UnsafeMutablePointer<Float>, _ grid: WindowGrid, _ weights: WindowAttentionWeights
    ) {
        let rows = grid.tokens * weights.channels
        headStride = Self.headStride(weights)
        input = block
        output = input + rows
        head = output + rows
        bias = head + grid.tokens * headStride
    }

    static func headStride(_ weights: WindowAttentionWeights) -> Int {
        (3 * weights.headWidth + 15) / 16 * 16
    }

    static func floats(
        _ grid: WindowGrid, _ weights: WindowAttentionWeights, _ bias: PositionBias
    ) -> Int {
        grid.tokens * (2 * weights.channels + headStride(weights) + bias.stride)
    }
}

private func attendWindow(
    _ index: Int, of stream: UnsafeMutablePointer<Float>, grid: WindowGrid,
    _ weights: WindowAttentionWeights, bias positionBias: PositionBias, _ scratch: WindowScratch,
    attended: UnsafeMutablePointer<Float>?
) {
    let tokens = grid.tokens
    let channels = weights.channels
    let width = weights.headWidth
    let kind = grid.kind(ofWindow: index)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * tokens) { indices in
        guard let rows = indices.baseAddress else { return }
        let regions = rows + tokens
        let present = grid.fillRows(ofWindow: index, into: rows)
        if kind != 0 { grid.fillRegions(ofKind: kind, into: regions) }

        var compact = scratch.input
        for token in 0..<tokens where rows[token] >= 0 {
            weights.norm(stream + Int(rows[token]) &* channels, into: compact)
            compact += channels
        }
        for head in 0..<weights.heads {
            let headBias = weights.queryKeyValueBias.values + head &* 3 &* width
            packedProduct(
                rows: present, scratch.input, strideA: channels, weights.queryKeyValue[head],
                into: scratch.head, strideC: scratch.headStride, epilogue: Epilogue(bias: headBias))
            if present < tokens {
                spread(
                    scratch.head, stride: scratch.headStride, count: 3 &* width, present: present,
                    over: rows, tokens: tokens, filler: headBias)
            }
            var bias = positionBias.values + head &* tokens &* positionBias.stride
            if kind != 0 {
                addMask(
                    to: bias, tokens: tokens, stride: positionBias.stride, regions: regions,
                    into: scratch.bias)
                bias = UnsafePointer(scratch.bias)
            }
            attendHead(
                queries: tokens, keys: tokens, keyWidth: width, valueWidth: width,
                scale: 1 / Float(width).squareRoot(), q: scratch.head, strideQ: scratch.headStride,
                k: scratch.head + width, strideK: scratch.headStride, v: scratch.head + 2 &* width,
                strideV: scratch.headStride, bias: bias, strideBias: positionBias.stride,
                keyMask: nil, into: scratch.output + head &* width, strideOut: channels)
        }
        if let attended {
            packedProduct(
                rows: tokens, scratch.output, strideA: channels, weights.projection,
                into: attended + index &* tokens &* channels, strideC: channels,
                epilogue: Epilogue(bias: weights.projectionBias.values))
        }
        if present < tokens {
            gather(scratch.output, stride: channels, rows: rows, tokens: tokens)
        }
        packedProduct(
            rows: present, scratch.output, strideA: channels, weights.projection,
            into: scratch.input, strideC: channels,
            epilogue: Epilogue(bias: weights.projectionBias.values))
        var projected = UnsafePointer(scratch.input)
        for token in 0..<tokens where rows[token] >= 0 {
            addRow(projected, to: stream + Int(rows[token]) &* channels, count: channels)
            projected += channels
        }
    }
}

/// Moves `present` leading rows to the places of the tokens that are there, and fills the others.
private func spread(
    _ matrix: UnsafeMutablePointer<Float>, stride: Int, count: Int, present: Int,
    over rows: UnsafePointer<Int32>, tokens: Int, filler: UnsafePointer<Float>
) {
    var source = present
    var token = tokens
    while token > 0 {
        token &-= 1
        let destination = matrix + token &* stride
        if rows[token] >= 0 {
            source &-= 1
            if source != token {
                destination.update(from: matrix + source &* stride, count: count)
            }
        } else {
            destination.update(from: filler, count: count)
        }
    }
}

/// The reverse of `spread`: moves the rows of the tokens that are there to the front.
private func gather(
    _ matrix: UnsafeMutablePointer<Float>, stride: Int, rows: UnsafePointer<Int32>, tokens: Int
) {
    var destination = 0
    for token in 0..<tokens where rows[token] >= 0 {
        if destination != token {
            (matrix + destination &* stride).update(from: matrix + token &* stride, count: stride)
        }
        destination &+= 1
    }
}

/// The bias of one head, less 100 where query and key lie in different regions.
private func addMask(
    to bias: UnsafePointer<Float>, tokens: Int, stride: Int, regions: UnsafePointer<Int32>,
    into result: UnsafeMutablePointer<Float>
) {
    let penalty = Float8(repeating: -100)
    for query in 0..<tokens {
        let own = SIMD8<Int32>(repeating: regions[query])
        let from = bias + query &* stride
        let to = result + query &* stride
        var key = 0
        while key &+ 8 <= tokens {
            let others = UnsafeRawPointer(regions + key).loadUnaligned(as: SIMD8<Int32>.self)
            let value = load(from + key)
            store(value.replacing(with: value + penalty, where: others .!= own), to + key)
            key &+= 8
        }
        while key < tokens {
            to[key] = from[key] + (regions[key] == regions[query] ? 0 : -100)
            key &+= 1
        }
        while key < stride {
            to[key] = 0
            key &+= 1
        }
    }
}

/// `to += row`.
@inline(__always)
private func addRow(
    _ row: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, count: Int
) {
    var i = 0
    while i &+ 8 <= count {
        store(load(to + i) + load(row + i), to + i)
        i &+= 8
    }
    while i < count {
        to[i] += row[i]
        i &+= 1
    }
}
