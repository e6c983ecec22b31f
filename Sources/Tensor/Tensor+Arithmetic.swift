import Kernels

extension Tensor<Float> {
    /// The element-wise sum; shapes broadcast.
    public static func + (a: Tensor, b: Tensor) -> Tensor { combined(.add, a, b, name: "+") }

    /// The element-wise difference; shapes broadcast.
    public static func - (a: Tensor, b: Tensor) -> Tensor { combined(.subtract, a, b, name: "-") }

    /// The element-wise product; shapes broadcast.
    public static func * (a: Tensor, b: Tensor) -> Tensor { combined(.multiply, a, b, name: "*") }

    /// The element-wise quotient; shapes broadcast.
    public static func / (a: Tensor, b: Tensor) -> Tensor { combined(.divide, a, b, name: "/") }

    /// Every element plus `b`.
    public static func + (a: Tensor, b: Float) -> Tensor { a + Tensor([b], shape: []) }

    /// Every element minus `b`.
    public static func - (a: Tensor, b: Float) -> Tensor { a - Tensor([b], shape: []) }

    /// Every element times `b`.
    public static func * (a: Tensor, b: Float) -> Tensor { a * Tensor([b], shape: []) }

    /// Every element over `b`.
    public static func / (a: Tensor, b: Float) -> Tensor { a / Tensor([b], shape: []) }

    /// `a` plus every element.
    public static func + (a: Float, b: Tensor) -> Tensor { Tensor([a], shape: []) + b }

    /// `a` minus every element.
    public static func - (a: Float, b: Tensor) -> Tensor { Tensor([a], shape: []) - b }

    /// `a` times every element.
    public static func * (a: Float, b: Tensor) -> Tensor { Tensor([a], shape: []) * b }

    /// `a` over every element.
    public static func / (a: Float, b: Tensor) -> Tensor { Tensor([a], shape: []) / b }

    /// Every element with the opposite sign.
    public static prefix func - (a: Tensor) -> Tensor { a.mapped(.negation) }

    /// Adds `b`, which broadcasts to the shape of `a`, in place.
    public static func += (a: inout Tensor, b: Tensor) { a.combineInPlace(.add, b, name: "+=") }

    /// Subtracts `b`, which broadcasts to the shape of `a`, in place.
    public static func -= (a: inout Tensor, b: Tensor) {
        a.combineInPlace(.subtract, b, name: "-=")
    }

    /// Multiplies by `b`, which broadcasts to the shape of `a`, in place.
    public static func *= (a: inout Tensor, b: Tensor) {
        a.combineInPlace(.multiply, b, name: "*=")
    }

    /// Divides by `b`, which broadcasts to the shape of `a`, in place.
    public static func /= (a: inout Tensor, b: Tensor) { a.combineInPlace(.divide, b, name: "/=") }

    /// Adds `b` to every element in place.
    public static func += (a: inout Tensor, b: Float) { a += Tensor([b], shape: []) }

    /// Multiplies every element by `b` in place.
    public static func *= (a: inout Tensor, b: Float) { a *= Tensor([b], shape: []) }
}

/// The larger of each pair of elements; shapes broadcast. `a` where one of them is not a number.
public func maximum(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    Tensor.combined(.maximum, a, b, name: "maximum")
}

/// The smaller of each pair of elements; shapes broadcast. `a` where one of them is not a number.
public func minimum(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    Tensor.combined(.minimum, a, b, name: "minimum")
}
