import Tensor

/// A short text beside an object on a frame.
public struct Caption: Sendable, Hashable {
    /// What is written, one line.
    public var text: String
    /// The object's label, whose colour the caption has.
    public var label: UInt8
    /// The top row of the object.
    public var top: Int
    /// The left column of the object.
    public var left: Int

    /// A caption at the top left corner of the object `label`.
    public init(_ text: String, label: UInt8, top: Int, left: Int) {
        self.text = text
        self.label = label
        self.top = top
        self.left = left
    }
}

extension Overlay {
    /// Writes `captions` on `image`, `[height, width, 3]`: each in a bar of its object's colour at the
    /// object's top left corner, moved so that it lies within the image and below earlier captions.
    ///
    /// Without a font the image stays as it is.
    public func captioned(
        _ image: Tensor<UInt8>, _ captions: [Caption], font: Font? = .system
    ) -> Tensor<UInt8> {
        precondition(
            image.rank == 3 && image.shape[2] == 3,
            "captioned: \(image.shape) is not [height, width, 3]")
        guard let font, !captions.isEmpty else { return image }
        let (height, width) = (image.shape[0], image.shape[1])
        let size = min(48, max(11, min(height, width) / 30))
        var canvas = image
        var taken: [TextBar] = []
        for caption in captions {
            let text = font.coverage(of: caption.text, size: size)
            guard
                let bar = TextBar(
                    text: text.shape, padding: size / 4, top: caption.top, left: caption.left,
                    height: height, width: width, avoiding: taken)
            else { continue }
            taken.append(bar)
            bar.draw(text, colour: palette.bright(caption.label), on: &canvas)
        }
        return canvas
    }
}

/// The filled bar under a caption.
private struct TextBar {
    let top: Int
    let left: Int
    let height: Int
    let width: Int
    private let padding: Int

    /// The place of a bar around a text of shape `text`; `nil` where the image is too small for it.
    init?(
        text: [Int], padding: Int, top: Int, left: Int, height: Int, width: Int,
        avoiding others: [TextBar]
    ) {
        self.padding = padding
        self.height = text[0]
        self.width = text[1] + 2 * padding
        guard self.height <= height, self.width <= width else { return nil }
        let lowest = height - self.height
        self.left = max(0, min(left, width - self.width))
        // Above the object where there is room, else inside it; a collision moves it down.
        var place = max(0, min(top - self.height, lowest))
        let mine = self.left..<self.left + self.width
        for other in others.sorted(by: { $0.top < $1.top })
        where mine.overlaps(other.left..<other.left + other.width) {
            if place < other.top + other.height, other.top < place + self.height {
                place = other.top + other.height
            }
        }
        guard place <= lowest else { return nil }
        self.top = place
    }

    func draw(_ text: Tensor<UInt8>, colour: RGB, on canvas: inout Tensor<UInt8>) {
        let rowLength = canvas.shape[1] * 3
        let levels = [colour.red, colour.green, colour.blue].map { Int($0) }
        // Black on light colours, white on dark ones (weights of Rec. 601).
        let isLight = 299 * levels[0] + 587 * levels[1] + 114 * levels[2] > 128_000
        let ink = isLight ? 0 : 255
        let textWidth = text.shape[1]
        text.withUnsafeBuffer { text in
            canvas.withUnsafeMutableBuffer { pixels in
                for row in 0..<height {
                    for column in 0..<width {
                        let inside = column - padding
                        let cover =
                            inside >= 0 && inside < textWidth
                            ? Int(text[row * textWidth + inside]) : 0
                        let start = (top + row) * rowLength + (left + column) * 3
                        for channel in 0..<3 {
                            pixels[start + channel] = UInt8(
                                (levels[channel] * (255 - cover) + ink * cover + 127) / 255)
                        }
                    }
                }
            }
        }
    }
}
