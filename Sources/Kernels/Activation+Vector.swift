extension Activation {
    /// The function of eight values.
    @inline(__always)
    func callAsFunction(_ x: Float8) -> Float8 {
        switch self {
        case .none: x
        case .relu: maximum(x, Float8(repeating: 0))
        case .relu6: minimum(maximum(x, Float8(repeating: 0)), Float8(repeating: 6))
        case .gelu: Kernels.gelu(x)
        }
    }
}
