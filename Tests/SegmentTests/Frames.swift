import Foundation
import Media
import Tensor

/// Frames for the tests: a square that moves over a gradient.
enum Frames {
    /// One frame, RGB.
    static func image(_ index: Int, width: Int, height: Int) -> Tensor<UInt8> {
        let side = max(4, height / 3)
        let left = (index * 5) % max(1, width - side)
        let top = height / 3
        let pixels = (0..<height).flatMap { y in
            (0..<width).flatMap { x -> [UInt8] in
                let isInside = x >= left && x < left + side && y >= top && y < top + side
                return isInside
                    ? [220, 180, 40]
                    : [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8(index * 7 % 256)]
            }
        }
        return Tensor(pixels, shape: [height, width, 3])
    }

    /// Writes `count` frames `0.png`, `1.png`, ... into a new folder.
    static func write(
        _ count: Int, to name: String, in folder: TemporaryFolder, width: Int = 48, height: Int = 32
    ) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path(name), withIntermediateDirectories: true)
        for index in 0..<count {
            try ImageFile.write(
                rgb: image(index, width: width, height: height),
                to: folder.path("\(name)/\(index).png"))
        }
    }
}
