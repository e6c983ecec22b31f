import Kernels

/// The tensors one after the other along `axis`; all other axes agree.
public func concatenated<Element>(_ tensors: [Tensor<Element>], axis: Int) -> Tensor<Element> {
    precondition(!tensors.isEmpty, "concatenated: no tensors")
    let first = tensors[0]
    let axis = first.normalized(axis: axis, "concatenated")
    for tensor in tensors {
        var shape = tensor.shape
        if axis < shape.count { shape[axis] = first.shape[axis] }
        precondition(
            shape == first.shape,
            "concatenated: \(tensor.shape) does not fit \(first.shape) along axis \(axis)")
    }
    var shape = first.shape
    shape[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let row = shape[axis] * inner
    let size = MemoryLayout<Element>.stride
    return Tensor(shape: shape) { buffer in
        guard let destination = buffer.baseAddress, !buffer.isEmpty else { return }
        var start = 0
        for tensor in tensors {
            let run = tensor.shape[axis] * inner
            tensor.withUnsafeBuffer { source in
                guard let source = source.baseAddress, run > 0 else { return }
                parallelCopyRuns(
                    count: outer, bytes: run * size, from: source, strideFrom: run * size,
                    into: destination + start, strideInto: row * size)
            }
            start += run
        }
    }.traced(from: tensors, as: .concatenated(axis: axis))
}

/// The tensors, all of one shape, along a new axis.
public func stacked<Element>(_ tensors: [Tensor<Element>], axis: Int = 0) -> Tensor<Element> {
    concatenated(tensors.map { $0.expandedDimensions(axis: axis) }, axis: axis)
}

/// `x` with `value` added before and after along each axis.
public func padded<Element>(
    _ x: Tensor<Element>, _ amounts: [(before: Int, after: Int)], value: Element = .zero
) -> Tensor<Element> {
    precondition(
        amounts.count == x.rank && amounts.allSatisfy { $0.before >= 0 && $0.after >= 0 },
        "padded: \(amounts) does not fit \(x.shape)")
    let shape = zip(x.shape, amounts).map { $0 + $1.before + $1.after }
    guard !shape.isEmpty else { return x }
    var result = Tensor(repeating: value, shape: shape)
    guard x.count > 0 else { return result }
    let run = x.shape[x.rank - 1]
    let size = MemoryLayout<Element>.stride
    let strides = Tensor<Element>.rowMajorStrides(shape)
    result.withUnsafeMutableBuffer { to in
        x.withUnsafeBuffer { from in
            guard let source = from.baseAddress, let destination = to.baseAddress else { return }
            let start = zip(amounts, strides).reduce(0) { $0 + $1.0.before * $1.1 }
            // All but the last two axes one by one, the lines of the last two at once.
            let lines = x.rank > 1 ? x.shape[x.rank - 2] : 1
            let outer = Array(x.shape.dropLast(2))
            for plane in 0..<outer.reduce(1, *) {
                var rest = plane
                var offset = start
                for axis in outer.indices.reversed() {
                    offset += rest % outer[axis] * strides[axis]
                    rest /= outer[axis]
                }
                parallelCopyRuns(
                    count: lines, bytes: run * size, from: source + plane * lines * run,
                    strideFrom: run * size, into: destination + offset,
                    strideInto: shape[x.rank - 1] * size)
            }
        }
    }
    return result.traced(from: x, as: .padded(amounts))
}

/// The rows `indices` of the outermost axis, in that order.
public func takeRows<Element>(_ x: Tensor<Element>, _ indices: [Int]) -> Tensor<Element> {
    precondition(
        x.rank > 0 && indices.allSatisfy { $0 >= 0 && $0 < x.shape[0] },
        "takeRows: an index is outside the first axis of \(x.shape)")
    let run = x.shape[1...].reduce(1, *)
    return x.withUnsafeBuffer { source in
        Tensor(shape: [indices.count] + x.shape[1...]) { buffer in
            guard let from = source.baseAddress, let to = buffer.baseAddress, run > 0
            else { return }
            parallelCopyRuns(
                count: indices.count, bytes: run * MemoryLayout<Element>.stride,
                from: { UnsafeRawPointer(from + indices[$0] * run) },
                into: { UnsafeMutableRawPointer(to + $0 * run) })
        }
    }.traced(from: x, as: .rows(indices))
}

extension Tensor {
    /// The elements in the opposite order along `axis`.
    public func flipped(axis: Int) -> Tensor {
        let axis = normalized(axis: axis, "flipped")
        let length = shape[axis]
        let outer = shape[..<axis].reduce(1, *)
        let run = shape[(axis + 1)...].reduce(1, *)
        return withUnsafeBuffer { source in
            Tensor(shape: shape) { buffer in
                guard let from = source.baseAddress, let to = buffer.baseAddress, !buffer.isEmpty
                else { return }
                parallelStridedCopy(
                    elementSize: MemoryLayout<Element>.stride, shape: [outer, length, run],
                    strides: [length * run, -run, 1], from: from + (length - 1) * run, into: to)
            }
        }.traced(from: self, as: .flipped(axis: axis))
    }
}
