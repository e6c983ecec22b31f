import ArgumentParser
import Models

/// The value of `--size`: the short side (`473`) or width and height (`480x320`) that a model sees.
enum FrameSize: Equatable, CustomStringConvertible {
    case shortSide(Int)
    case fixed(width: Int, height: Int)

    /// The sizes that a model may be asked to work at.
    static let allowed = 32...8192

    /// The size that a person typed.
    init(_ text: String) throws {
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter(Self.allowed.contains)
        switch (parts.count, numbers.count) {
        case (1, 1): self = .shortSide(numbers[0])
        case (2, 2): self = .fixed(width: numbers[0], height: numbers[1])
        default:
            throw ValidationError(
                "it takes the short side (473) or WIDTHxHEIGHT (480x320), each from "
                    + "\(Self.allowed.lowerBound) to \(Self.allowed.upperBound)")
        }
    }

    /// As a person types it.
    var description: String {
        switch self {
        case .shortSide(let side): "\(side)"
        case .fixed(let width, let height): "\(width)x\(height)"
        }
    }

    /// The same preprocessing at this size.
    func applied(to preprocessing: Preprocessing) -> Preprocessing {
        var result = preprocessing
        switch self {
        case .shortSide(let side):
            result.sizing = Preprocessing(shortSide: side).sizing
        case .fixed(let width, let height):
            result.sizing = .fixed(height: height, width: width)
        }
        return result
    }
}
