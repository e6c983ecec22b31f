import Tensor

extension Naive {
    /// What `reduce` makes of the elements along `axis`, in double precision.
    public static func reduced(
        _ x: Tensor<Float>, axis: Int, _ reduce: ([Double]) -> Double
    ) -> [Double] {
        let axis = axis < 0 ? axis + x.rank : axis
        let length = x.shape[axis]
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let outer = x.shape[..<axis].reduce(1, *)
        let values = x.scalars
        return (0..<outer * inner).map { index in
            let start = index / inner * length * inner + index % inner
            return reduce((0..<length).map { Double(values[start + $0 * inner]) })
        }
    }
}
