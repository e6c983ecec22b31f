import Tensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Naive {
    /// Attention of one batch element in double precision with the whole matrix of scores.
    public static func attention(
        queries: Tensor<Float>, keys: Tensor<Float>, values: Tensor<Float>, heads: Int,
        scale: Float, bias: Tensor<Float>? = nil, keyPaddingMask: [Bool]? = nil,
        excludingOwnGroupOf groupSize: Int? = nil
    ) -> [Double] {
        let (n, m) = (queries.shape[0], keys.shape[0])
        let (dk, dv) = (keys.shape[1] / heads, values.shape[1] / heads)
        let (q, k, v, b) = (queries.scalars, keys.scalars, values.scalars, bias?.scalars)
        var result = [Double](repeating: 0, count: n * heads * dv)
        for h in 0..<heads {
            for i in 0..<n {
                let scores = (0..<m).map { j in
                    if keyPaddingMask?[j] ?? false { return -Double.infinity }
                    if let groupSize, i / groupSize == j / groupSize { return -Double.infinity }
                    let dot = (0..<dk).reduce(0.0) {
                        $0 + Double(q[(i * heads + h) * dk + $1])
                            * Double(k[(j * heads + h) * dk + $1])
                    }
                    return dot * Double(scale) + Double(b?[(h * n + i) * m + j] ?? 0)
                }
                let weights = softmax(scores)
                for c in 0..<dv {
                    result[(i * heads + h) * dv + c] = (0..<m).reduce(0.0) {
                        $0 + weights[$1] * Double(v[($1 * heads + h) * dv + c])
                    }
                }
            }
        }
        return result
    }

    /// The softmax of one row, in double precision.
    public static func softmax(_ row: [Double]) -> [Double] {
        let largest = row.max() ?? 0
        let exponentials = row.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}
