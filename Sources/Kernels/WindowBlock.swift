/// The parts of one Swin attention block, window by window.
struct WindowBlock {
    let stream: UnsafeMutablePointer<Float>
    let grid: WindowGrid
    let weights: WindowAttentionWeights
    let bias: PositionBias

    /// Floats from row to row of one head's query, key and value.
    private var headStride: Int { (3 * weights.headWidth + 15) / 16 * 16 }

    /// The attention of some heads of a window, into their columns of `output`: a row of `channels` for each token
    /// that is there, or for every token `withPadding`.
    func attend(
        _ index: Int, heads: Range<Int>, withPadding: Bool = false,
        into output: UnsafeMutablePointer<Float>
    ) {
        let (tokens, channels, width) = (grid.tokens, weights.channels, weights.headWidth)
        let headStride = headStride
        let kind = grid.kind(ofWindow: index)
        withScratch(floats: tokens * (channels + headStride + bias.stride)) { input in
            // Of one head: query, key and value of each token; bias and mask, in windows of several regions.
            let own = input + tokens * channels
            let masked = own + tokens * headStride
            withTokens(of: index) { window in
                if kind != 0 { grid.fillRegions(ofKind: kind, into: window.regions) }
                let present = window.count
                for row in 0..<present {
                    weights.norm(
                        window.row(row, of: stream, channels), into: input + row &* channels)
                }
                let queries = withPadding ? tokens : present
                // Queries that are there are left in front; of the others only key and value are wanted.
                let unspread = withPadding ? 0 : width
                for head in heads {
                    let headBias = weights.queryKeyValueBias.values + head &* 3 &* width
                    packedProduct(
                        rows: present, input, strideA: channels, weights.queryKeyValue[head],
                        into: own, strideC: headStride, epilogue: Epilogue(bias: headBias))
                    if present < tokens {
                        spread(
                            own + unspread, stride: headStride, count: 3 &* width &- unspread,
                            over: window, tokens: tokens, filler: headBias + unspread)
                    }
                    var bias = ScoreBias(
                        values: self.bias.values + head &* tokens &* self.bias.stride,
                        stride: self.bias.stride, rows: queries < tokens ? window.places : nil)
                    if kind != 0 {
                        addMask(
                            to: bias, queries: queries, keys: tokens, regions: window.regions,
                            into: masked)
                        bias = ScoreBias(values: masked, stride: bias.stride)
                    }
                    attendHead(
                        queries: queries, keys: tokens, keyWidth: width, valueWidth: width,
                        scale: 1 / Float(width).squareRoot(), q: own, strideQ: headStride,
                        k: own + width, strideK: headStride, v: own + 2 &* width,
                        strideV: headStride, bias: bias, keyMask: nil,
                        into: output + head &* width, strideOut: channels)
                }
            }
        }
    }

    /// The projection of some rows of a window's attention.
    func project(
        _ output: UnsafePointer<Float>, rows: Range<Int>,
        into projected: UnsafeMutablePointer<Float>
    ) {
        let channels = weights.channels
        packedProduct(
            rows: rows.count, output + rows.lowerBound &* channels, strideA: channels,
            weights.projection, into: projected, strideC: channels,
            epilogue: Epilogue(bias: weights.projectionBias.values))
    }

    /// Adds the projection of some of the tokens that are there to the stream.
    func addProjection(of output: UnsafePointer<Float>, _ index: Int, rows: Range<Int>) {
        let channels = weights.channels
        withTokens(of: index) { window in
            let rows = rows.clamped(to: 0..<window.count)
            withScratch(floats: max(1, rows.count * channels)) { projected in
                project(output, rows: rows, into: projected)
                for row in rows {
                    addRow(
                        projected + (row &- rows.lowerBound) &* channels,
                        to: window.row(row, of: stream, channels), count: channels)
                }
            }
        }
    }

    /// Adds the projection of all tokens of a window, `[tokens, channels]`, to the stream. Padding is left out.
    func add(_ projected: UnsafePointer<Float>, of index: Int) {
        let channels = weights.channels
        withTokens(of: index) { window in
            for row in 0..<window.count {
                addRow(
                    projected + Int(window.places[row]) &* channels,
                    to: window.row(row, of: stream, channels), count: channels)
            }
        }
    }

    /// The tokens of a window that are there, in order.
    fileprivate struct Tokens {
        let count: Int
        /// The place of each in the window.
        let places: UnsafeMutablePointer<Int32>
        /// The index in the stream of the token at each place of the window, negative where it is padding.
        let indices: UnsafeMutablePointer<Int32>
        /// Room for the region of each place.
        let regions: UnsafeMutablePointer<Int32>

        /// The row of the stream that belongs to a token.
        @inline(__always)
        func row(
            _ token: Int, of stream: UnsafeMutablePointer<Float>, _ channels: Int
        ) -> UnsafeMutablePointer<Float> {
            stream + Int(indices[Int(places[token])]) &* channels
        }
    }

    /// Calls `body` with the tokens of a window.
    @inline(__always)
    private func withTokens(of index: Int, _ body: (Tokens) -> Void) {
        let tokens = grid.tokens
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 3 * tokens) { memory in
            guard let indices = memory.baseAddress else { return }
            let places = indices + tokens
            grid.fillRows(ofWindow: index, into: indices)
            var count = 0
            for place in 0..<tokens where indices[place] >= 0 {
                places[count] = Int32(truncatingIfNeeded: place)
                count += 1
            }
            body(
                Tokens(
                    count: count, places: places, indices: indices, regions: places + tokens))
        }
    }
}

/// Moves leading rows to the places of the tokens that are there, and fills the others.
private func spread(
    _ matrix: UnsafeMutablePointer<Float>, stride: Int, count: Int, over window: WindowBlock.Tokens,
    tokens: Int, filler: UnsafePointer<Float>
) {
    var source = window.count
    for token in (0..<tokens).reversed() {
        let destination = matrix + token &* stride
        if window.indices[token] >= 0 {
            source &-= 1
            if source != token {
                destination.update(from: matrix + source &* stride, count: count)
            }
        } else {
            destination.update(from: filler, count: count)
        }
    }
}

/// The bias of some queries, less 100 where query and key lie in different regions; `result` has the bias's stride.
private func addMask(
    to bias: ScoreBias, queries: Int, keys: Int, regions: UnsafePointer<Int32>,
    into result: UnsafeMutablePointer<Float>
) {
    let penalty = Float8(repeating: -100)
    for query in 0..<queries {
        let region = regions[bias.row(of: query)]
        let own = SIMD8<Int32>(repeating: region)
        let from = bias.line(of: query)
        let to = result + query &* bias.stride
        var key = 0
        while key &+ 8 <= keys {
            let others = UnsafeRawPointer(regions + key).loadUnaligned(as: SIMD8<Int32>.self)
            let value = load(from + key)
            store(value.replacing(with: value + penalty, where: others .!= own), to + key)
            key &+= 8
        }
        while key < keys {
            to[key] = from[key] + (regions[key] == region ? 0 : -100)
            key &+= 1
        }
        while key < bias.stride {
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
