/// A few floats at a fixed address for as long as the object lives: the vectors among a layer's weights.
package final class FloatVector: @unchecked Sendable {
    package let values: UnsafePointer<Float>
    package let count: Int

    /// Copies `source`.
    package init(_ source: UnsafeBufferPointer<Float>) {
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, source.count))
        if let base = source.baseAddress { memory.initialize(from: base, count: source.count) }
        values = UnsafePointer(memory)
        count = source.count
    }

    deinit { values.deallocate() }
}

/// The parameters of a layer norm.
package struct NormVectors: Sendable {
    package let weight: FloatVector
    package let bias: FloatVector
    package let epsilon: Float

    package init(weight: FloatVector, bias: FloatVector, epsilon: Float) {
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
    }

    /// Normalises each row of `[rows, weight.count]` on the calling thread; `result` may be `x`.
    @inline(__always)
    func callAsFunction(
        rows: Int = 1, _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
    ) {
        layerNorm(
            rows: rows, columns: weight.count, x, weight: weight.values, bias: bias.values,
            epsilon: epsilon, into: result)
    }
}
