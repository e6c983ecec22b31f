/// A function applied to every element of a result as it is written.
public enum Activation: Sendable {
    /// The element itself.
    case none
    /// `max(0, x)`.
    case relu
    /// `min(6, max(0, x))`.
    case relu6
    /// The Gaussian error linear unit, exact (by the error function).
    case gelu

    /// Whether negative elements become zero: true of `relu` and `relu6`.
    @inline(__always)
    var dropsNegative: Bool { self == .relu || self == .relu6 }
}
