import Media
import Tensor

/// A picture with the mask of its objects, as bytes.
struct Picture: Sendable {
    let height: Int
    let width: Int
    /// Red, green and blue of each pixel, row by row.
    var colours: [UInt8]
    /// 255 where a pixel belongs to an object, else 0.
    let mask: [UInt8]

    init(height: Int, width: Int, colours: [UInt8], mask: [UInt8]) {
        self.height = height
        self.width = width
        self.colours = colours
        self.mask = mask
    }

    /// Decodes a picture and its mask.
    ///
    /// - Throws: `MediaError` for files that cannot be read, ``TrainingError`` for a mask of another size.
    init(_ files: PictureFiles) throws {
        let image = try ImageFile.read(files.image)
        let labels = try ImageFile.readMask(files.mask)
        guard labels.shape == [image.shape[0], image.shape[1]] else {
            throw TrainingError.data(
                path: files.mask,
                problem: "the mask is \(labels.shape[1])x\(labels.shape[0]), its picture "
                    + "\(image.shape[1])x\(image.shape[0])",
                remedy: "save the mask at the picture's size")
        }
        height = image.shape[0]
        width = image.shape[1]
        colours = image.scalars
        mask = labels.withUnsafeBuffer { $0.map { $0 == 0 ? 0 : 255 } }
    }

    /// At half the size, each pixel the mean of four.
    func halved() -> Picture {
        let (h, w) = (max(1, height / 2), max(1, width / 2))
        guard height > 1, width > 1 else { return self }
        var small = [UInt8](repeating: 0, count: 3 * h * w)
        var smallMask = [UInt8](repeating: 0, count: h * w)
        for y in 0..<h {
            for x in 0..<w {
                let corners = [0, 1, width, width + 1].map { 2 * y * width + 2 * x + $0 }
                let to = y * w + x
                for channel in 0..<3 {
                    let sum = corners.reduce(2) { $0 + Int(colours[3 * $1 + channel]) }
                    small[3 * to + channel] = UInt8(sum / 4)
                }
                smallMask[to] = UInt8(corners.reduce(2) { $0 + Int(mask[$1]) } / 4)
            }
        }
        return Picture(height: h, width: w, colours: small, mask: smallMask)
    }

    /// The rows and columns of the smallest box around the objects; `nil` where there are none.
    var box: (top: Int, left: Int, bottom: Int, right: Int)? {
        var (top, left, bottom, right) = (height, width, -1, -1)
        for y in 0..<height {
            for x in 0..<width where mask[y * width + x] > 127 {
                top = min(top, y)
                bottom = y
                left = min(left, x)
                right = max(right, x)
            }
        }
        return bottom < 0 ? nil : (top, left, bottom, right)
    }
}

/// The files of a picture and of its mask.
struct PictureFiles: Sendable {
    let image: String
    let mask: String
}
