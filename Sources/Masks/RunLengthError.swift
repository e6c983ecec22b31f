/// What can be wrong with a mask from a file.
public enum RunLengthError: Error, Equatable, CustomStringConvertible {
    /// A character that no encoder writes, or a number that never ends.
    case malformed(position: Int)
    /// The runs do not cover the mask.
    case wrongLength(pixels: Int, expected: Int)
    /// A size that no mask has.
    case unusableSize(height: Int, width: Int)
    /// A polygon that has no place in an image.
    case malformedPolygon(reason: String)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .malformed(let position):
            "the run-length string is not COCO's encoding at character \(position)"
        case .wrongLength(let pixels, let expected):
            "the runs cover \(pixels) pixels, the mask has \(expected)"
        case .unusableSize(let height, let width):
            "a mask cannot have the size \(height) x \(width); expected at most "
                + "\(RunLengthMask.mostPixels) pixels"
        case .malformedPolygon(let reason): "the polygon \(reason)"
        }
    }
}
