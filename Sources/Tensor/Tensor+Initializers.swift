extension Tensor {
    /// A tensor whose elements `initialize` writes, all of them, in row-major order.
    ///
    /// The buffer that is passed in has undefined content.
    public init(
        shape: [Int],
        initializingWith initialize: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) rethrows {
        precondition(
            shape.allSatisfy { $0 >= 0 }, "Tensor: shape \(shape) has a negative length")
        let count = shape.reduce(1, *)
        let storage = TensorStorage<Element>(count: count)
        try initialize(UnsafeMutableBufferPointer(start: storage.elements, count: count))
        self.init(
            storage: storage, shape: shape, strides: Self.rowMajorStrides(shape), offset: 0)
    }

    /// A tensor of the elements of `scalars`, which are in row-major order.
    public init(_ scalars: some Collection<Element>, shape: [Int]) {
        precondition(
            scalars.count == shape.reduce(1, *),
            "Tensor: \(scalars.count) scalars do not fill shape \(shape)")
        self.init(shape: shape) { buffer in _ = buffer.initialize(fromContentsOf: scalars) }
    }

    /// A tensor with one axis.
    public init(_ scalars: some Collection<Element>) {
        self.init(scalars, shape: [scalars.count])
    }

    /// A tensor that holds `value` everywhere.
    public init(repeating value: Element, shape: [Int]) {
        self.init(shape: shape) { buffer in
            guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
            // Copies of copies: in generic code, a loop over elements calls out for each of them.
            start.initialize(to: value)
            var filled = 1
            while filled < buffer.count {
                let count = Swift.min(filled, buffer.count - filled, 4096)
                (start + filled).initialize(from: start, count: count)
                filled += count
            }
        }
    }

    /// A tensor of zeros (`false` for `Bool`).
    public init(zeros shape: [Int]) {
        self.init(repeating: .zero, shape: shape)
    }
}
