/// Frames a second as a fraction: 30000/1001 is not 29.97.
public struct FrameRate: Sendable, Hashable, CustomStringConvertible {
    /// Frames in `denominator` seconds.
    public let numerator: Int

    /// Seconds, at least 1.
    public let denominator: Int

    /// A rate of `numerator` frames in `denominator` seconds, both at least 1.
    public init(_ numerator: Int, _ denominator: Int = 1) {
        precondition(
            numerator > 0 && denominator > 0, "FrameRate: \(numerator)/\(denominator) is no rate")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The rate as ffprobe writes it, `25/1`; nil where that is no rate (`0/0`).
    init?(_ text: String?) {
        let parts = (text ?? "").split(separator: "/").map { Int($0) ?? 0 }
        guard let first = parts.first, first > 0 else { return nil }
        let second = parts.count > 1 ? parts[1] : 1
        guard second > 0 else { return nil }
        self.init(first, second)
    }

    /// Frames a second.
    public var framesPerSecond: Double { Double(numerator) / Double(denominator) }

    /// The fraction: `30000/1001`.
    public var description: String { "\(numerator)/\(denominator)" }
}
