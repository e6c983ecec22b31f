import Kernels

extension Tensor<Float> {
    /// The shape of an element-wise operation: axes are aligned at the end, a length of 1 stretches.
    static func broadcastShape(_ a: [Int], _ b: [Int], _ operation: String) -> [Int] {
        let rank = Swift.max(a.count, b.count)
        let left = [Int](repeating: 1, count: rank - a.count) + a
        let right = [Int](repeating: 1, count: rank - b.count) + b
        precondition(
            zip(left, right).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 },
            "\(operation): shapes \(a) and \(b) do not broadcast")
        return zip(left, right).map { $0 == 1 ? $1 : $0 }
    }

    static func combined(
        _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, name: String
    ) -> Tensor {
        let shape = broadcastShape(a.shape, b.shape, name)
        return Tensor(shape: shape) { buffer in
            guard let destination = buffer.baseAddress, !buffer.isEmpty else { return }
            combine(operation, a, b, shape: shape, into: destination)
        }.traced(from: a, b, as: .binary(operation))
    }

    /// Replaces this tensor by `operation(self, other)`, in its own memory where nobody shares it and nobody
    /// traces it.
    mutating func combineInPlace(_ operation: BinaryOperation, _ other: Tensor, name: String) {
        precondition(
            Self.broadcastShape(shape, other.shape, name) == shape,
            "\(name): \(other.shape) does not broadcast to \(shape)")
        if isTraced || other.isTraced {
            self = Self.combined(operation, self, other, name: name)
            return
        }
        let shape = shape
        func plan(_ other: Tensor) -> BroadcastPlan {
            BroadcastPlan(
                shape, Tensor.rowMajorStrides(shape), Self.strides(of: other, stretchedTo: shape))
        }
        let other = plan(other).hasDenseRuns ? other : other.contiguous()
        withUnsafeMutableBuffer { buffer in
            guard let destination = buffer.baseAddress, !buffer.isEmpty else { return }
            other.withUnsafeStorage { b in
                plan(other).run(operation, UnsafePointer(destination), b, into: destination)
            }
        }
    }

    private static func combine(
        _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, shape: [Int],
        into destination: UnsafeMutablePointer<Float>
    ) {
        let plan = BroadcastPlan(
            shape, strides(of: a, stretchedTo: shape), strides(of: b, stretchedTo: shape))
        guard plan.hasDenseRuns else {
            combine(operation, a.contiguous(), b.contiguous(), shape: shape, into: destination)
            return
        }
        a.withUnsafeStorage { a in
            b.withUnsafeStorage { b in plan.run(operation, a, b, into: destination) }
        }
    }

    /// The strides of `tensor` seen with `shape`: 0 along axes that are stretched.
    private static func strides(of tensor: Tensor, stretchedTo shape: [Int]) -> [Int] {
        let added = shape.count - tensor.rank
        return shape.indices.map { axis in
            axis < added || tensor.shape[axis - added] == 1 ? 0 : tensor.strides[axis - added]
        }
    }

    /// Calls `body` with the address of the first element; the others lie at this tensor's strides.
    func withUnsafeStorage<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
        withExtendedLifetime(storage) { body(UnsafePointer(storage.elements + offset)) }
    }
}

/// How an element-wise operation on two strided operands walks through memory: dense inner runs below
/// as few outer axes as possible.
struct BroadcastPlan {
    private var lengths: [Int] = []
    private var stridesA: [Int] = []
    private var stridesB: [Int] = []

    init(_ shape: [Int], _ a: [Int], _ b: [Int]) {
        for axis in shape.indices where shape[axis] != 1 {
            if let last = lengths.indices.last,
                stridesA[last] == a[axis] * shape[axis], stridesB[last] == b[axis] * shape[axis]
            {
                lengths[last] *= shape[axis]
                stridesA[last] = a[axis]
                stridesB[last] = b[axis]
            } else {
                lengths.append(shape[axis])
                stridesA.append(a[axis])
                stridesB.append(b[axis])
            }
        }
        if lengths.isEmpty {
            lengths = [1]
            stridesA = [0]
            stridesB = [0]
        }
    }

    /// Whether the innermost runs of both operands are contiguous or one repeated value.
    var hasDenseRuns: Bool {
        let last = lengths.count - 1
        return stridesA[last] <= 1 && stridesB[last] <= 1
    }

    func run(
        _ operation: BinaryOperation, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        into destination: UnsafeMutablePointer<Float>
    ) {
        let last = lengths.count - 1
        let inner = lengths[last]
        let piece = min(inner, elementwiseGrain)
        let pieces = (inner + piece - 1) / piece
        let outer = lengths[..<last].reduce(1, *)
        let streams = Streaming.suits(
            count: outer * inner, from: a, b, into: destination,
            rowLength: outer > 1 ? inner : nil)
        ThreadPool.shared.runRanges(outer * pieces, grain: max(1, elementwiseGrain / piece)) {
            for task in $0 {
                let start = task % pieces * piece
                var rest = task / pieces
                var offsetA = start * stridesA[last]
                var offsetB = start * stridesB[last]
                for axis in (0..<last).reversed() {
                    let index = rest % lengths[axis]
                    rest /= lengths[axis]
                    offsetA += index * stridesA[axis]
                    offsetB += index * stridesB[axis]
                }
                combine(
                    operation, count: min(piece, inner - start), a + offsetA,
                    strideA: stridesA[last], b + offsetB, strideB: stridesB[last], streams: streams,
                    into: destination + task / pieces * inner + start)
            }
        }
    }
}
