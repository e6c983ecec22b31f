import Kernels

extension Tensor<Float> {
    /// The sum along `axis`, which stays with length 1 where `keepDims` is set.
    public func sum(axis: Int, keepDims: Bool = false) -> Tensor {
        reduced(.sum, axis: axis, keepDims: keepDims, "sum")
    }

    /// The mean along `axis`, which stays with length 1 where `keepDims` is set.
    public func mean(axis: Int, keepDims: Bool = false) -> Tensor {
        let length = shape[normalized(axis: axis, "mean")]
        return reduced(.sum, axis: axis, keepDims: keepDims, "mean") / Float(length)
    }

    /// The largest element along `axis`, which stays with length 1 where `keepDims` is set. Of elements that
    /// are not all numbers the result is undefined, other than in PyTorch.
    public func max(axis: Int, keepDims: Bool = false) -> Tensor {
        reduced(.maximum, axis: axis, keepDims: keepDims, "max")
    }

    /// The smallest element along `axis`, which stays with length 1 where `keepDims` is set. Of elements that
    /// are not all numbers the result is undefined, other than in PyTorch.
    public func min(axis: Int, keepDims: Bool = false) -> Tensor {
        reduced(.minimum, axis: axis, keepDims: keepDims, "min")
    }

    /// The variance along `axis`; `unbiased` divides by one less than the length.
    public func variance(axis: Int, keepDims: Bool = false, unbiased: Bool) -> Tensor {
        let length = shape[normalized(axis: axis, "variance")]
        let center = mean(axis: axis, keepDims: true)
        if isTraced {
            let distances = self - center
            return (distances * distances).sum(axis: axis, keepDims: keepDims)
                / Float(unbiased ? length - 1 : length)
        }
        let squares = reduced(
            .sumOfSquares, axis: axis, keepDims: keepDims, "variance", center: center)
        return squares / Float(unbiased ? length - 1 : length)
    }

    /// The index of the largest element along `axis`, the first one where several are equal.
    public func argMax(axis: Int) -> Tensor<Int32> {
        let (outer, length, inner, shape) = split(axis: axis, keepDims: false, "argMax")
        precondition(length > 0, "argMax: axis \(axis) of \(self.shape) is empty")
        return withUnsafeBuffer { source in
            Tensor<Int32>(shape: shape) { buffer in
                guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                parallelArgMax(outer: outer, count: length, inner: inner, from, into: to)
            }
        }
    }

    private func reduced(
        _ reduction: Reduction, axis: Int, keepDims: Bool, _ name: String, center: Tensor? = nil
    ) -> Tensor {
        let (outer, length, inner, shape) = split(axis: axis, keepDims: keepDims, name)
        precondition(
            length > 0 || reduction == .sum || reduction == .sumOfSquares,
            "\(name): axis \(axis) of \(self.shape) is empty")
        let center = center?.contiguous()
        let values = withUnsafeBuffer { source in
            Tensor(shape: shape) { buffer in
                guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
                else { return }
                withOptionalStorage(center) { center in
                    parallelReduce(
                        reduction, outer: outer, count: length, inner: inner, from, center: center,
                        into: to)
                }
            }
        }
        let positive = normalized(axis: axis, name)
        return values.traced(
            from: self,
            as: reduction == .sum ? .sum(axis: positive) : .extremum(axis: positive))
    }

    /// This tensor as `[outer, length, inner]` around `axis`, and the shape after reducing that axis.
    private func split(
        axis: Int, keepDims: Bool, _ name: String
    ) -> (outer: Int, length: Int, inner: Int, shape: [Int]) {
        let axis = normalized(axis: axis, name)
        var reducedShape = shape
        if keepDims { reducedShape[axis] = 1 } else { reducedShape.remove(at: axis) }
        return (
            shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *),
            reducedShape
        )
    }
}
