import Tensor

extension Naive {
    /// An element-wise operation with broadcasting, element by element through its index.
    public static func broadcast(
        _ a: Tensor<Float>, _ b: Tensor<Float>, _ operation: (Float, Float) -> Float
    ) -> Tensor<Float> {
        let rank = max(a.rank, b.rank)
        func aligned(_ shape: [Int]) -> [Int] {
            [Int](repeating: 1, count: rank - shape.count) + shape
        }
        let (left, right) = (aligned(a.shape), aligned(b.shape))
        let shape = zip(left, right).map { $0 == 1 ? $1 : $0 }
        let (x, y) = (a.scalars, b.scalars)
        func element(_ values: [Float], _ lengths: [Int], _ index: [Int]) -> Float {
            values[zip(index, lengths).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }]
        }
        return Tensor(
            indices(of: shape).map { operation(element(x, left, $0), element(y, right, $0)) },
            shape: shape)
    }

    /// All indices of a shape in row-major order.
    public static func indices(of shape: [Int]) -> [[Int]] {
        shape.reduce([[]]) { prefixes, length in
            prefixes.flatMap { prefix in (0..<length).map { prefix + [$0] } }
        }
    }
}
