/// A function applied to every element of a result as it is written.
public enum Activation: Sendable {
    /// The element itself.
    case none
    /// `max(0, x)`.
    case relu
    /// The Gaussian error linear unit, exact (by the error function).
    case gelu
}
