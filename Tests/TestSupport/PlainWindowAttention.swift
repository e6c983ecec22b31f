import Checkpoints
import Layers
import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The attention half of a Swin block in double precision, with whole padded, rolled and
/// partitioned maps and whole score matrices: the plain twin of `WindowAttention`.
public struct PlainWindowAttention {
    private let channels: Int
    private let heads: Int
    private let window: [Int]
    private let normWeight: [Double]
    private let normBias: [Double]
    private let qkvWeight: [Double]
    private let qkvBias: [Double]
    private let projectionWeight: [Double]
    private let projectionBias: [Double]
    /// `[entries, heads]`, as in a checkpoint.
    private let biasTable: [Double]
    /// What becomes of the window on other maps.
    private let fit: WindowFit

    /// The twin of a layer whose tensors are called `norm.weight`, `attn.qkv.weight` and so on.
    public init(_ weights: SyntheticWeights, heads: Int, window: WindowSize, fit: WindowFit) throws
    {
        func values(_ name: String) throws -> [Double] {
            try weights.floats(name).scalars.map(Double.init)
        }
        normWeight = try values("norm.weight")
        normBias = try values("norm.bias")
        qkvWeight = try values("attn.qkv.weight")
        qkvBias = try values("attn.qkv.bias")
        projectionWeight = try values("attn.proj.weight")
        projectionBias = try values("attn.proj.bias")
        biasTable = try values("attn.relative_position_bias_table")
        channels = normWeight.count
        self.heads = heads
        self.window = [window.frames, window.height, window.width]
        self.fit = fit
    }

    /// `x`, `extent` by channels, plus the projected attention of each window.
    public func callAsFunction(_ x: [Double], extent: [Int], shifted: Bool) -> [Double] {
        let (windows, places) = attended(x, extent: extent, shifted: shifted)
        var sum = x
        for (window, places) in zip(windows, places) {
            for (token, place) in places.enumerated() {
                guard let place else { continue }
                for c in 0..<channels {
                    sum[place * channels + c] += window[token * channels + c]
                }
            }
        }
        return sum
    }

    /// The projected attention of each window, `[windows][tokens * channels]`, and for each token its
    /// place in the clip or nil.
    public func attended(
        _ x: [Double], extent: [Int], shifted: Bool
    ) -> (windows: [[Double]], places: [[Int?]]) {
        var used = window
        var shift = window.map { shifted ? $0 / 2 : 0 }
        for axis in 0..<3 where fit == .shrinking && extent[axis] <= window[axis] {
            used[axis] = extent[axis]
            shift[axis] = 0
        }
        let padded = zip(extent, used).map { ($0 + $1 - 1) / $1 * $1 }
        let masked = shift.contains { $0 > 0 }
        var windows: [[Double]] = []
        var places: [[Int?]] = []
        for wt in stride(from: 0, to: padded[0], by: used[0]) {
            for wy in stride(from: 0, to: padded[1], by: used[1]) {
                for wx in stride(from: 0, to: padded[2], by: used[2]) {
                    var tokens: [[Double]] = []
                    var own: [Int?] = []
                    var labels: [[Int]] = []
                    for t in wt..<wt + used[0] {
                        for y in wy..<wy + used[1] {
                            for x0 in wx..<wx + used[2] {
                                let place = zip([t, y, x0], zip(shift, padded)).map {
                                    ($0 + $1.0) % $1.1
                                }
                                labels.append(
                                    (0..<3).map { axis in
                                        let p = [t, y, x0][axis]
                                        if shift[axis] == 0 { return 0 }
                                        if p < padded[axis] - used[axis] { return 0 }
                                        return p < padded[axis] - shift[axis] ? 1 : 2
                                    })
                                if zip(place, extent).allSatisfy({ $0 < $1 }) {
                                    let row =
                                        (place[0] * extent[1] + place[1]) * extent[2] + place[2]
                                    tokens.append(
                                        norm(Array(x[row * channels..<(row + 1) * channels])))
                                    own.append(row)
                                } else {
                                    tokens.append([Double](repeating: 0, count: channels))
                                    own.append(nil)
                                }
                            }
                        }
                    }
                    windows.append(attend(tokens, labels: masked ? labels : nil))
                    places.append(own)
                }
            }
        }
        return (windows, places)
    }

    private func norm(_ row: [Double]) -> [Double] {
        let mean = row.reduce(0, +) / Double(row.count)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
        return row.indices.map {
            (row[$0] - mean) / (variance + 1e-5).squareRoot() * normWeight[$0] + normBias[$0]
        }
    }

    private func product(_ x: [Double], _ weight: [Double], _ bias: [Double]) -> [Double] {
        bias.indices.map { output in
            x.indices.reduce(bias[output]) { $0 + x[$1] * weight[output * x.count + $1] }
        }
    }

    private func attend(_ tokens: [[Double]], labels: [[Int]]?) -> [Double] {
        let width = channels / heads
        let qkv = tokens.map { product($0, qkvWeight, qkvBias) }
        let count = tokens.count
        var mixed = [[Double]](repeating: [Double](repeating: 0, count: channels), count: count)
        for head in 0..<heads {
            for query in 0..<count {
                var scores = (0..<count).map { key -> Double in
                    var score = 0.0
                    for c in 0..<width {
                        score +=
                            qkv[query][head * width + c]
                            * qkv[key][channels + head * width + c]
                    }
                    score = score / Double(width).squareRoot()
                    score += biasTable[entry(query, key) * heads + head]
                    if let labels, labels[query] != labels[key] { score -= 100 }
                    return score
                }
                let largest = scores.reduce(-Double.infinity) { max($0, $1) }
                scores = scores.map { exp($0 - largest) }
                let sum = scores.reduce(0, +)
                for key in 0..<count {
                    for c in 0..<width {
                        mixed[query][head * width + c] +=
                            scores[key] / sum * qkv[key][2 * channels + head * width + c]
                    }
                }
            }
        }
        return mixed.flatMap { product($0, projectionWeight, projectionBias) }
    }

    /// The table's row for two tokens, both taken as places of the full window.
    private func entry(_ a: Int, _ b: Int) -> Int {
        func place(_ n: Int) -> [Int] {
            [n / (window[1] * window[2]), n / window[2] % window[1], n % window[2]]
        }
        let difference = zip(place(a), place(b)).map { $0 - $1 }
        return
            ((difference[0] + window[0] - 1) * (2 * window[1] - 1) + difference[1] + window[1] - 1)
            * (2 * window[2] - 1) + difference[2] + window[2] - 1
    }
}
