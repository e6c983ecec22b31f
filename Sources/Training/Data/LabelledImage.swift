import Media
import Tensor

/// A photograph or frame with its mask.
struct LabelledImage: Sendable {
    /// Its colours; the fourth channel is 255 where an object is.
    let picture: Picture

    /// The mask's values as they are stored: 0, or an object's id.
    let ids: [UInt8]

    /// Reads an image and its mask.
    ///
    /// - Parameter object: the id that counts as an object; `nil` for all that are not 0.
    init(_ files: PictureFiles, object: UInt8?) throws {
        let image = try ImageFile.read(files.image)
        let mask = try ImageFile.readMask(files.mask)
        guard mask.shape == Array(image.shape.dropLast()) else {
            throw TrainingError.data(
                path: files.mask,
                problem: "the mask is \(mask.shape[1])x\(mask.shape[0]), its picture "
                    + "\(image.shape[1])x\(image.shape[0])",
                remedy: "save the mask at the picture's size")
        }
        let count = mask.count
        let ids = mask.scalars
        let pixels = image.withUnsafeBuffer { colours in
            ids.withUnsafeBufferPointer { ids in
                [SIMD4<UInt8>](unsafeUninitializedCapacity: count) { target, filled in
                    for pixel in 0..<count {
                        let isObject = object.map { ids[pixel] == $0 } ?? (ids[pixel] != 0)
                        target[pixel] = SIMD4(
                            colours[3 &* pixel], colours[3 &* pixel &+ 1],
                            colours[3 &* pixel &+ 2], isObject ? 255 : 0)
                    }
                    filled = count
                }
            }
        }
        self.ids = ids
        picture = Picture(width: image.shape[1], height: image.shape[0], pixels: pixels)
    }

    /// The ids that lie where an object is, with how many pixels each has.
    var objects: [(id: UInt8, area: Int)] {
        var areas = [Int](repeating: 0, count: 256)
        for (pixel, id) in zip(picture.pixels, ids) where pixel.w != 0 { areas[Int(id)] += 1 }
        return areas.enumerated().compactMap { id, area in
            area > 0 ? (UInt8(id), area) : nil
        }
    }
}
