/// What a product does to its result before it is stored:
/// `c = activation((accumulate ? c : 0) + a * b + bias + residual)`.
package struct Epilogue {
    /// One value a column.
    package var bias: UnsafePointer<Float>?
    /// A matrix of the result's shape. Not the result's own memory, where partial sums are kept: that is
    /// what `accumulate` is for.
    package var residual: UnsafePointer<Float>?
    /// Floats from row to row of `residual`.
    package var residualStride: Int
    package var activation: Activation
    /// Whether the product is added to what the result holds already.
    package var accumulate: Bool
    /// Whether the result goes past the caches, see ``Streaming``.
    var streams = false
    /// Where not 0, what would be stored is a cosine `x`, and `2^(weightFactor * (x - 1))` is stored: the weight in a softmax,
    /// relative to the largest that could be. Of whole panels only: a panel of fewer than 16 columns is left as it is.
    var weightFactor: Float = 0

    package init(
        bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil,
        residualStride: Int = 0, activation: Activation = .none, accumulate: Bool = false
    ) {
        self.bias = bias
        self.residual = residual
        self.residualStride = residualStride
        self.activation = activation
        self.accumulate = accumulate
    }

    /// Turns cosines into the weights of a softmax over `scale` times them, at most ``largestCosineScale``.
    static func cosineWeights(scale: Float) -> Epilogue {
        var result = Epilogue()
        result.weightFactor = scale * binaryLogarithmOfE
        return result
    }

    /// The same for the part of the result that begins at `row` and `column`.
    @inline(__always)
    package func advanced(row: Int, column: Int) -> Epilogue {
        var part = self
        part.bias = bias.map { $0 + column }
        part.residual = residual.map { $0 + (row &* residualStride &+ column) }
        return part
    }

    /// The same for a product whose inner index is gone through in `count` parts, one after the other: each but the first is
    /// added to what is there, and all else happens at the last.
    @inline(__always)
    func part(_ index: Int, of count: Int) -> Epilogue {
        var part = self
        if index > 0 { part.accumulate = true }
        if index < count &- 1 {
            part.bias = nil
            part.residual = nil
            part.activation = .none
            part.weightFactor = 0
        }
        return part
    }
}
