extension Tensor {
    /// The elements in row-major order, copied to an array.
    public var scalars: [Element] { withUnsafeBuffer { Array($0) } }

    /// The only element of a tensor with one.
    public var scalar: Element {
        precondition(count == 1, "scalar: a tensor of shape \(shape) has \(count) elements")
        return withExtendedLifetime(storage) { storage.elements[offset] }
    }

    /// Reads or writes one element. Slow: for tests and a few values, not for loops over a tensor.
    public subscript(indices: [Int]) -> Element {
        get { withExtendedLifetime(storage) { storage.elements[position(indices)] } }
        set {
            makeUnique()
            storage.elements[position(indices)] = newValue
        }
    }

    /// Calls `body` with the elements in row-major order. A tensor that is not contiguous is copied first.
    public func withUnsafeBuffer<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        let source = contiguous()
        return try withExtendedLifetime(source.storage) {
            try body(
                UnsafeBufferPointer(
                    start: source.storage.elements + source.offset, count: source.count))
        }
    }

    /// Calls `body` with the elements in row-major order for writing.
    ///
    /// Memory that other tensors share is copied first, so that they keep their values.
    public mutating func withUnsafeMutableBuffer<Result>(
        _ body: (UnsafeMutableBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        makeUnique()
        return try withExtendedLifetime(storage) {
            try body(UnsafeMutableBufferPointer(start: storage.elements + offset, count: count))
        }
    }

    /// Makes this tensor the only user of its memory, and contiguous.
    private mutating func makeUnique() {
        precondition(
            !isTraced,
            "a traced tensor of shape \(shape) is written to: its gradient would be wrong")
        if isContiguous, isKnownUniquelyReferenced(&storage) { return }
        self = withUnsafeBuffer { source in
            Tensor(shape: shape) { _ = $0.initialize(fromContentsOf: source) }
        }
    }

    private func position(_ indices: [Int]) -> Int {
        precondition(
            indices.count == rank && zip(indices, shape).allSatisfy { $0 >= 0 && $0 < $1 },
            "subscript: \(indices) is outside \(shape)")
        return zip(indices, strides).reduce(offset) { $0 + $1.0 * $1.1 }
    }
}

extension Tensor: Equatable {
    /// Whether both have the same shape and equal elements.
    public static func == (left: Tensor, right: Tensor) -> Bool {
        left.shape == right.shape
            && left.withUnsafeBuffer { a in right.withUnsafeBuffer { b in a.elementsEqual(b) } }
    }
}

extension Tensor: CustomStringConvertible {
    /// The element type, the shape and the first few elements.
    public var description: String {
        let first = withUnsafeBuffer { $0.prefix(6).map { "\($0)" } }
        return "Tensor<\(Element.self)>\(shape) [\(first.joined(separator: ", "))"
            + (count > 6 ? ", ...]" : "]")
    }
}
