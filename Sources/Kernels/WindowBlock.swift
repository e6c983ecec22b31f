/// The parts of one Swin attention block, window by window.
struct WindowBlock {
    let stream: UnsafeMutablePointer<Float>
    let grid: WindowGrid
    let weights: WindowAttentionWeights
    let bias: PositionBias

    /// Floats from row to row of one head's query, key and value.
    private var headStride: Int { (3 * weights.headWidth + 15) / 16 * 16 }

    /// The attention of some heads of a window, into their columns of `output`, `[tokens, channels]`.
    func attend(_ index: Int, heads: Range<Int>, into output: UnsafeMutablePointer<Float>) {
        let (tokens, channels, width) = (grid.tokens, weights.channels, weights.headWidth)
        let headStride = headStride
        let kind = grid.kind(ofWindow: index)
        withScratch(floats: tokens * (channels + headStride + bias.stride)) { input in
            // Of one head: query, key and value of each token; bias and mask, in windows of several regions.
            let own = input + tokens * channels
            let masked = own + tokens * headStride
            withRows(of: index) { rows, regions, present in
                if kind != 0 { grid.fillRegions(ofKind: kind, into: regions) }
                var compact = input
                for token in 0..<tokens where rows[token] >= 0 {
                    weights.norm(stream + Int(rows[token]) &* channels, into: compact)
                    compact += channels
                }
                for head in heads {
                    let headBias = weights.queryKeyValueBias.values + head &* 3 &* width
                    packedProduct(
                        rows: present, input, strideA: channels, weights.queryKeyValue[head],
                        into: own, strideC: headStride, epilogue: Epilogue(bias: headBias))
                    if present < tokens {
                        spread(
                            own, stride: headStride, count: 3 &* width, present: present,
                            over: rows, tokens: tokens, filler: headBias)
                    }
                    var bias = bias.values + head &* tokens &* self.bias.stride
                    if kind != 0 {
                        addMask(
                            to: bias, tokens: tokens, stride: self.bias.stride, regions: regions,
                            into: masked)
                        bias = UnsafePointer(masked)
                    }
                    attendHead(
                        queries: tokens, keys: tokens, keyWidth: width, valueWidth: width,
                        scale: 1 / Float(width).squareRoot(), q: own, strideQ: headStride,
                        k: own + width, strideK: headStride, v: own + 2 &* width,
                        strideV: headStride, bias: bias, strideBias: self.bias.stride,
                        keyMask: nil, into: output + head &* width, strideOut: channels)
                }
            }
        }
    }

    /// The projection of all tokens of a window, `[tokens, channels]`.
    func project(_ output: UnsafePointer<Float>, into projected: UnsafeMutablePointer<Float>) {
        packedProduct(
            rows: grid.tokens, output, strideA: weights.channels, weights.projection,
            into: projected, strideC: weights.channels,
            epilogue: Epilogue(bias: weights.projectionBias.values))
    }

    /// Adds the projection of some of a window's tokens to the stream. Padding tokens are left out; what
    /// lies in `output`'s rows is lost.
    func add(_ output: UnsafeMutablePointer<Float>, of index: Int, rows part: Range<Int>) {
        let channels = weights.channels
        withRows(of: index) { rows, _, _ in
            let own = output + part.lowerBound &* channels
            let present = gather(
                own, stride: channels, rows: rows + part.lowerBound, tokens: part.count)
            withScratch(floats: max(1, present * channels)) { projected in
                packedProduct(
                    rows: present, own, strideA: channels, weights.projection, into: projected,
                    strideC: channels, epilogue: Epilogue(bias: weights.projectionBias.values))
                var row = UnsafePointer(projected)
                for token in part where rows[token] >= 0 {
                    addRow(row, to: stream + Int(rows[token]) &* channels, count: channels)
                    row += channels
                }
            }
        }
    }

    /// Calls `body` with the index in the stream of each token of a window, room for as many regions, and
    /// the number of tokens that are there.
    @inline(__always)
    private func withRows(
        of index: Int,
        _ body: (
            _ rows: UnsafeMutablePointer<Int32>, _ regions: UnsafeMutablePointer<Int32>,
            _ present: Int
        ) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * grid.tokens) { indices in
            guard let rows = indices.baseAddress else { return }
            body(rows, rows + grid.tokens, grid.fillRows(ofWindow: index, into: rows))
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
///
/// - Returns: how many there are.
private func gather(
    _ matrix: UnsafeMutablePointer<Float>, stride: Int, rows: UnsafePointer<Int32>, tokens: Int
) -> Int {
    var destination = 0
    for token in 0..<tokens where rows[token] >= 0 {
        if destination != token {
            (matrix + destination &* stride).update(from: matrix + token &* stride, count: stride)
        }
        destination &+= 1
    }
    return destination
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
