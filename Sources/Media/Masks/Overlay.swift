import Tensor

/// Paints labels over an image: each object in its palette colour, half transparent, with a contour.
public struct Overlay: Sendable {
    /// The colours of the objects.
    public var palette: Palette

    /// How much of the colour covers the image inside an object, from 0 to 1.
    public var opacity: Float

    /// How many pixels wide the contour is, inside the object's edge; 0 for none.
    public var contourWidth: Int

    /// How to paint. The contour is opaque, in the object's colour made lighter.
    public init(palette: Palette = .davis, opacity: Float = 0.5, contourWidth: Int = 2) {
        precondition(
            opacity >= 0 && opacity <= 1 && contourWidth >= 0,
            "Overlay: opacity \(opacity), contour width \(contourWidth)")
        self.palette = palette
        self.opacity = opacity
        self.contourWidth = contourWidth
    }

    /// The image `[height, width, 3]` with the objects of `labels` `[height, width]` painted over it.
    /// Label 0 is background and stays as it is.
    public func painted(_ labels: Tensor<UInt8>, over image: Tensor<UInt8>) -> Tensor<UInt8> {
        precondition(
            image.rank == 3 && image.shape[2] == 3 && labels.shape == Array(image.shape.prefix(2)),
            "painted: labels \(labels.shape) over image \(image.shape)")
        let (height, width) = (labels.shape[0], labels.shape[1])
        let tables = BlendTables(palette: palette, opacity: opacity)
        return labels.withUnsafeBuffer { labels in
            image.withUnsafeBuffer { pixels in
                Tensor(shape: image.shape) { target in
                    guard let output = target.baseAddress, let input = pixels.baseAddress,
                        let labels = labels.baseAddress
                    else { return }
                    output.initialize(from: input, count: target.count)
                    let map = LabelMap(labels: labels, height: height, width: width)
                    for row in 0..<height {
                        paint(row, of: map, with: tables, input: input, output: output)
                    }
                }
            }
        }
    }

    private func paint(
        _ row: Int, of map: LabelMap, with tables: BlendTables, input: UnsafePointer<UInt8>,
        output: UnsafeMutablePointer<UInt8>
    ) {
        for column in 0..<map.width {
            let position = row * map.width + column
            let label = map.labels[position]
            guard label != 0 else { continue }
            let isContour = map.isNearEdge(row, column, label: label, distance: contourWidth)
            let start = 3 * position
            for channel in 0..<3 {
                output[start + channel] =
                    isContour
                    ? tables.contour(label, channel)
                    : tables.blend(label, channel, input[start + channel])
            }
        }
    }
}

/// Labels of an image, row by row.
private struct LabelMap {
    let labels: UnsafePointer<UInt8>
    let height: Int
    let width: Int

    /// Whether another label lies within `distance` pixels along the row or the column. The image's border
    /// is no edge.
    @inline(__always)
    func isNearEdge(_ row: Int, _ column: Int, label: UInt8, distance: Int) -> Bool {
        let position = labels + row * width + column
        var step = 1
        while step <= distance {
            if column >= step, position[-step] != label { return true }
            if column + step < width, position[step] != label { return true }
            if row >= step, position[-step * width] != label { return true }
            if row + step < height, position[step * width] != label { return true }
            step += 1
        }
        return false
    }
}

/// What becomes of a pixel's levels under each label; three levels a label.
private struct BlendTables {
    private let weight: Int
    private let colours: [UInt8]
    private let contours: [UInt8]

    init(palette: Palette, opacity: Float) {
        weight = Int((opacity * 256).rounded())
        colours = palette.colours.flatMap { [$0.red, $0.green, $0.blue] }
        contours = (UInt8.min...UInt8.max).flatMap { label in
            let colour = palette.bright(label)
            return [colour.red, colour.green, colour.blue]
        }
    }

    @inline(__always)
    func blend(_ label: UInt8, _ channel: Int, _ pixel: UInt8) -> UInt8 {
        let colour = Int(colours[3 * Int(label) + channel])
        return UInt8((colour * weight + Int(pixel) * (256 - weight) + 128) >> 8)
    }

    @inline(__always)
    func contour(_ label: UInt8, _ channel: Int) -> UInt8 {
        contours[3 * Int(label) + channel]
    }
}
