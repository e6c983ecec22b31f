/// A colour of 8 bits a channel.
public struct RGB: Sendable, Hashable {
    /// The red level.
    public var red: UInt8

    /// The green level.
    public var green: UInt8

    /// The blue level.
    public var blue: UInt8

    /// A colour from its three levels.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}

/// The colours of a mask's 256 indices.
public struct Palette: Sendable, Hashable {
    /// One colour an index, 256 in all.
    public let colours: [RGB]

    /// A palette of `colours`; indices beyond them are black.
    public init(_ colours: [RGB]) {
        precondition(colours.count <= 256, "Palette: \(colours.count) colours, at most 256 fit")
        let black = RGB(red: 0, green: 0, blue: 0)
        self.colours = colours + Array(repeating: black, count: 256 - colours.count)
    }

    /// The colour of `index`.
    public subscript(index: UInt8) -> RGB { colours[Int(index)] }

    /// The hue of `index` at full brightness, with some white: for contours and captions.
    public func bright(_ index: UInt8) -> RGB {
        let colour = self[index]
        let brightest = max(1, Int(max(colour.red, colour.green, colour.blue)))
        func level(_ value: UInt8) -> UInt8 { UInt8((Int(value) * 255 / brightest * 3 + 255) / 4) }
        return RGB(red: level(colour.red), green: level(colour.green), blue: level(colour.blue))
    }

    /// The colour map of PASCAL VOC and DAVIS: 0 is black, 1 dark red, 2 green, 3 olive, ...
    ///
    /// The bits of the index are dealt to red, green and blue in turn, from the most significant bit of
    /// each colour downwards.
    public static let davis = Palette(
        (0..<256).map { index in
            var levels = [0, 0, 0]
            for bit in 0..<8 {
                levels[bit % 3] |= (index >> bit & 1) << (7 - bit / 3)
            }
            return RGB(red: UInt8(levels[0]), green: UInt8(levels[1]), blue: UInt8(levels[2]))
        })
}
