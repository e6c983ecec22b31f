extension Activation {
    /// The function of eight values.
    @inline(__always)
    func callAsFunction(_ x: Float8) -> Float8 {
        if self == .gelu { return calledGELU(x) }
        return limited(x)
    }

    /// The function of eight values, where it is not GELU, which is left to the caller.
    @inline(__always)
    func limited(_ x: Float8) -> Float8 {
        guard dropsNegative else { return x }
        let positive = maximum(x, Float8(repeating: 0))
        return self == .relu6 ? minimum(positive, Float8(repeating: 6)) : positive
    }
}

/// GELU as a call: it is too large for the loops of others.
@inline(never)
private func calledGELU(_ x: Float8) -> Float8 { gelu(x) }
