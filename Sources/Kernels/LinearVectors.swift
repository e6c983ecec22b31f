/// A linear layer's weight, packed, and its bias.
package struct LinearVectors: Sendable {
    package let weight: PackedPanels
    package let bias: FloatVector

    package init(weight: PackedPanels, bias: FloatVector) {
        self.weight = weight
        self.bias = bias
    }

    /// Writes `activation(x * weight + bias + residual)` for `[rows, inputs]` on the calling thread.
    @inline(__always)
    func callAsFunction(
        rows: Int, _ x: UnsafePointer<Float>, residual: UnsafePointer<Float>? = nil,
        into result: UnsafeMutablePointer<Float>
    ) {
        packedProduct(
            rows: rows, x, strideA: weight.inner, weight, into: result, strideC: weight.columns,
            epilogue: Epilogue(
                bias: bias.values, residual: residual, residualStride: weight.columns))
    }
}
