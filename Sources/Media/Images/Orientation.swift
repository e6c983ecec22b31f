import Tensor

/// The eight ways to turn and mirror an image, numbered as in EXIF: what the stored image needs to
/// stand upright.
enum Orientation: Int, CaseIterable, Sendable {
    case upright = 1
    case mirrored
    case halfTurn
    case flipped
    case transposed
    case quarterTurn
    case transversed
    case threeQuarterTurn

    /// Whether width and height change places.
    var exchangesSides: Bool { rawValue >= 5 }
}

extension Tensor where Element == UInt8 {
    /// The image `[height, width, channels]` turned upright.
    func oriented(_ orientation: Orientation) -> Tensor {
        guard orientation != .upright else { return self }
        let (height, width, channels) = (shape[0], shape[1], shape[2])
        let shown = orientation.exchangesSides ? (width, height) : (height, width)
        return withUnsafeBuffer { source in
            Tensor(shape: [shown.0, shown.1, channels]) { target in
                var written = 0
                for row in 0..<shown.0 {
                    for column in 0..<shown.1 {
                        let (y, x) =
                            switch orientation {
                            case .upright: (row, column)
                            case .mirrored: (row, width - 1 - column)
                            case .halfTurn: (height - 1 - row, width - 1 - column)
                            case .flipped: (height - 1 - row, column)
                            case .transposed: (column, row)
                            case .quarterTurn: (height - 1 - column, row)
                            case .transversed: (height - 1 - column, width - 1 - row)
                            case .threeQuarterTurn: (column, width - 1 - row)
                            }
                        let start = (y * width + x) * channels
                        for channel in 0..<channels {
                            target.initializeElement(
                                at: written + channel, to: source[start + channel])
                        }
                        written += channels
                    }
                }
            }
        }
    }
}
