import Kernels

extension Tensor {
    /// The same elements in row-major order without gaps: `self` where that holds already, else a copy.
    public func contiguous() -> Tensor {
        if isContiguous { return self }
        return Tensor(shape: shape) { buffer in
            guard let destination = buffer.baseAddress, !buffer.isEmpty else { return }
            withExtendedLifetime(storage) {
                parallelStridedCopy(
                    elementSize: MemoryLayout<Element>.stride, shape: shape, strides: strides,
                    from: storage.elements + offset, into: destination)
            }
        }.tracedLike(self)
    }

    /// The same elements with another shape of the same count. One length may be -1: it is derived.
    ///
    /// A view where the tensor is contiguous, a copy where it is not.
    public func reshaped(_ newShape: [Int]) -> Tensor {
        var target = newShape
        if let inferred = target.firstIndex(of: -1) {
            let known = target.enumerated().reduce(1) {
                $1.offset == inferred ? $0 : $0 * $1.element
            }
            precondition(
                known > 0 && count % known == 0, "reshaped: \(shape) does not fit \(newShape)")
            target[inferred] = count / known
        }
        precondition(
            target.reduce(1, *) == count, "reshaped: \(shape) does not fit \(newShape)")
        let source = contiguous()
        return Tensor(
            storage: source.storage, shape: target, strides: Self.rowMajorStrides(target),
            offset: source.offset
        ).traced(from: self, as: .reshaped)
    }

    /// The same elements with another shape of the same count. One length may be -1: it is derived.
    public func reshaped(_ newShape: Int...) -> Tensor { reshaped(newShape) }

    /// A view with its axes in another order: axis `i` of the result is axis `axes[i]` of this tensor.
    public func transposed(_ axes: Int...) -> Tensor { transposed(axes: axes) }

    /// A view with its axes in another order: axis `i` of the result is axis `axes[i]` of this tensor.
    public func transposed(axes: [Int]) -> Tensor {
        precondition(
            axes.sorted() == Array(shape.indices),
            "transposed: axes \(axes) are no order of the axes of \(shape)")
        return Tensor(
            storage: storage, shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] },
            offset: offset
        ).traced(from: self, as: .transposed(axes: axes))
    }

    /// A view of the elements whose index along `axis` lies in `range`.
    public func sliced(axis: Int = 0, _ range: Range<Int>) -> Tensor {
        let axis = normalized(axis: axis, "sliced")
        precondition(
            range.lowerBound >= 0 && range.upperBound <= shape[axis],
            "sliced: \(range) is outside axis \(axis) of \(shape)")
        var newShape = shape
        newShape[axis] = range.count
        return Tensor(
            storage: storage, shape: newShape, strides: strides,
            offset: offset + range.lowerBound * strides[axis]
        ).traced(from: self, as: .sliced(axis: axis, range: range))
    }

    /// A view of one element along the outermost axis, without that axis.
    public subscript(index: Int) -> Tensor {
        precondition(
            rank > 0 && index >= 0 && index < shape[0],
            "subscript: index \(index) is outside the first axis of \(shape)")
        return sliced(index..<index + 1).squeezed(axis: 0)
    }

    /// A view of the elements of `range` along the outermost axis.
    public subscript(range: Range<Int>) -> Tensor { sliced(axis: 0, range) }

    /// A view with an axis of length 1 inserted before `axis`.
    public func expandedDimensions(axis: Int) -> Tensor {
        precondition(
            axis >= 0 && axis <= rank, "expandedDimensions: axis \(axis) is outside \(shape)")
        var newShape = shape
        var newStrides = strides
        newShape.insert(1, at: axis)
        newStrides.insert(axis < rank ? strides[axis] * shape[axis] : 1, at: axis)
        return Tensor(storage: storage, shape: newShape, strides: newStrides, offset: offset)
            .traced(from: self, as: .reshaped)
    }

    /// A view without `axis`, whose length is 1.
    public func squeezed(axis: Int) -> Tensor {
        let axis = normalized(axis: axis, "squeezed")
        precondition(shape[axis] == 1, "squeezed: axis \(axis) of \(shape) is not of length 1")
        var newShape = shape
        var newStrides = strides
        newShape.remove(at: axis)
        newStrides.remove(at: axis)
        return Tensor(storage: storage, shape: newShape, strides: newStrides, offset: offset)
            .traced(from: self, as: .reshaped)
    }

    /// `axis`, counted from the end where it is negative.
    func normalized(axis: Int, _ operation: String) -> Int {
        let positive = axis < 0 ? axis + rank : axis
        precondition(
            positive >= 0 && positive < rank, "\(operation): axis \(axis) is outside \(shape)")
        return positive
    }
}
