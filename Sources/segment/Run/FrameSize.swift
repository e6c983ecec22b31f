import ArgumentParser
import Models

/// The value of `--size`: the short side (`473`) or width and height (`480x320`) that a model sees.
enum FrameSize: ExpressibleByArgument, Equatable {
    case shortSide(Int)
    case fixed(width: Int, height: Int)

    /// The sizes that a model may be asked to work at.
    private static let allowed = 32...8192

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter { Self.allowed.contains($0) }
        guard numbers.count == parts.count else { return nil }
        switch numbers.count {
        case 1: self = .shortSide(numbers[0])
        case 2: self = .fixed(width: numbers[0], height: numbers[1])
        default: return nil
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
