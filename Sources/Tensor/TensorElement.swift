/// A type whose values a tensor can hold: plain bits, no references.
public protocol TensorElement: BitwiseCopyable, Sendable, Equatable {
    /// The value that `Tensor(zeros:)` fills with.
    static var zero: Self { get }
}

extension Float: TensorElement {}
extension Double: TensorElement {}
extension Int32: TensorElement {}
extension Int64: TensorElement {}
extension UInt8: TensorElement {}

extension Bool: TensorElement {
    /// `false`.
    public static var zero: Bool { false }
}
